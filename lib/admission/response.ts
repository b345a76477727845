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
const maxWarningCharacters = 120
/** It shows 4,096 characters of all of them (Kubernetes, "Dynamic Admission Control", Response). */
const maxWarnings = 100

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
    ...(warnings.length === 0 ? {} : { warnings: shortenedList(warnings) }),
    auditAnnotations,
  }
}

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
