import type { JsonObject } from '../../../lib/json.ts'

/**
 * Shell commands that ask the function which `npm start` serves, for the project's folder. The review stands in a quoted
 * here-document, in which a shell changes nothing: no line of JSON is its end.
 */
export const curlCommand = (review: JsonObject): string =>
  `curl --silent --cacert .certs/ca.pem -H 'Content-Type: application/json' --data-binary @- \\
  "https://localhost:8443/local/$(cat .certs/token)/mutate--v1-pod" <<'END'
${JSON.stringify(review, null, 2)}
END
`
