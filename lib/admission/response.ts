import type { NonEmpty } from '../errors.ts'
import type { AdmissionRequest } from './review.ts'
import { printable, type Status } from './status.ts'

/** What is decided about a request. A patch is never empty, and only an allowed request has one. */
export type Decision = {
  /** Keys without `/`: the API server puts the webhook's name in front of them. */
  readonly auditAnnotations: Readonly<Record<string, string>>
} & (
  | {
      readonly kind: 'allowed'
      readonly patch: NonEmpty<unknown> | undefined
      readonly warnings: readonly string[]
    }
  | { readonly kind: 'denied'; readonly status: Status }
)

/** The API server shows no more of a warning, and drops one with control characters without a word. */
const mostWarningCharacters = 120

/** The answering AdmissionReview as JSON, built from its request so that uid and version cannot be wrong. */
export const encodeResponse = ({ apiVersion, uid }: AdmissionRequest, decision: Decision): string =>
  JSON.stringify({ kind: 'AdmissionReview', apiVersion, response: { uid, ...responseOf(decision) } })

const responseOf = (decision: Decision) => {
  const { auditAnnotations } = decision
  if (decision.kind === 'denied') return { allowed: false, status: decision.status, auditAnnotations }
  const { patch, warnings } = decision
  return {
    allowed: true,
    ...(patch === undefined
      ? {}
      : { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(patch)).toString('base64') }),
    ...(warnings.length === 0 ? {} : { warnings: warnings.map(shortened) }),
    auditAnnotations,
  }
}

const shortened = (warning: string): string => {
  const shown = printable(warning)
  if (shown.length <= mostWarningCharacters) return shown
  const characters = [...shown]
  return characters.length <= mostWarningCharacters
    ? shown
    : `${characters.slice(0, mostWarningCharacters - 3).join('')}...`
}
