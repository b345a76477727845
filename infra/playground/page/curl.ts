import type { JsonObject } from '../../../lib/json.ts'

/**
 * Returns a shell command that calls the function of `npm start`, for the project's folder. The review is in a quoted
 * here-document, which a shell leaves unchanged. No line of JSON can end it.
 */
export const curlCommand = (review: JsonObject): string =>
  `curl --silent --cacert .certs/ca.pem -H 'Content-Type: application/json' --data-binary @- \\
  "https://localhost:8443/local/$(cat .certs/token)/mutate--v1-pod" <<'END'
${JSON.stringify(review, null, 2)}
END
`
