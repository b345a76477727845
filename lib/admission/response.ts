import type { AdmissionRequest } from './review.ts'
import { printable, type Status } from './status.ts'

/** The decision about a request. Only an allowed request has a patch. */
export type Decision = {
  /** Keys without `/`: the API server prefixes them with the webhook's name. */
  readonly auditAnnotations: Readonly<Record<string, string>>
} & (
  | {
      readonly kind: 'allowed'
      /** A JSON patch (RFC 6902) with at least one operation, as JSON. */
      readonly patch: string | undefined
      readonly warnings: readonly string[]
    }
  | { readonly kind: 'denied'; readonly status: Status }
)

/** The API server truncates a longer warning, and silently drops one with control characters. */
const maxWarningCharacters = 120
/** It shows 4,096 characters of all warnings together (Kubernetes, "Dynamic Admission Control", Response). */
const maxWarnings = 100

/** The answering AdmissionReview as JSON, built from its request so that uid and version cannot be wrong. */
export const encodeResponse = ({ apiVersion, uid }: AdmissionRequest, decision: Decision): string =>
  `{"kind":"AdmissionReview","apiVersion":"${apiVersion}","response":{"uid":${JSON.stringify(uid)},${fieldsOf(decision)}}`

/** The other fields of the response, and the brace at its end. */
const fieldsOf = (decision: Decision): string => {
  const { auditAnnotations } = decision
  if (decision.kind === 'denied')
    return JSON.stringify({ allowed: false, status: decision.status, auditAnnotations }).slice(1)
  const { patch, warnings } = decision
  const others = warnings.length === 0 ? {} : { warnings: shortenedList(warnings) }
  return `"allowed":true,${patch === undefined ? '' : patchFields(patch)}${JSON.stringify({ ...others, auditAnnotations }).slice(1)}`
}

/** Base64 has no character that JSON escapes, so `JSON.stringify` would only waste time. */
const patchFields = (patch: string): string =>
  `"patchType":"JSONPatch","patch":"${Buffer.from(patch).toString('base64')}",`

const shortenedList = (warnings: readonly string[]): readonly string[] => {
  const more = warnings.length - maxWarnings
  return [
    ...warnings.slice(0, maxWarnings).map(shortened),
    ...(more > 0 ? [`and ${more} more warnings`] : []),
  ]
}

const shortened = (warning: string): string => {
  const shown = printable(warning)
  if (shown.length <= maxWarningCharacters) return shown
  const characters = [...shown]
  return characters.length <= maxWarningCharacters
    ? shown
    : `${characters.slice(0, maxWarningCharacters - 3).join('')}...`
}
