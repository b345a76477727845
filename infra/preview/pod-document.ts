import { parseAllDocuments } from 'yaml'
import { describeSyntaxError } from '../../lib/yaml/syntax-error.ts'
import { isObject, type JsonObject } from '../../lib/json.ts'
import { type CommandFailure, wrongUsage } from '../failure.ts'

/** A document to preview: a pod, or an API server's review of one. */
export interface PodDocument {
  readonly kind: 'Pod' | 'AdmissionReview'
  readonly object: JsonObject
}

/** Kinds with a pod template. A controller creates their pods and can change the template. */
const withTemplate = new Set([
  'CronJob',
  'DaemonSet',
  'Deployment',
  'Job',
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
])

/** Reads one Pod or AdmissionReview, as YAML or JSON, from the source `name`. Anything else is wrong usage. */
export const readPodDocument = (text: string, name: string): PodDocument => {
  const documents = parseAllDocuments(text, { prettyErrors: false, stringKeys: true })
  const wrong = (why: string): CommandFailure => wrongUsage(`${name}: ${why}`)
  const error = syntaxErrorIn(text)
  if (error !== undefined) throw wrong(`${error.message} (line ${error.line})`)
  const values = [...documents].map((document): unknown => document.toJS()).filter((value) => value !== null)
  if (values.length > 1)
    throw wrong(`it contains ${values.length} YAML documents: give one Pod or AdmissionReview at a time`)
  const [object] = values
  if (object === undefined) throw wrong('it is empty: give a Pod or an AdmissionReview')
  if (!isObject(object)) throw wrong('it is not an object: give a Pod or an AdmissionReview')
  const kind = object['kind']
  if (kind === 'Pod' || kind === 'AdmissionReview') return { kind, object }
  if (typeof kind !== 'string') throw wrong('it has no kind: a Pod begins with apiVersion: v1 and kind: Pod')
  throw wrong(
    withTemplate.has(kind)
      ? `a ${kind} never reaches the webhook, but its pods do: give one of its pods, or write its template as a Pod`
      : `${JSON.stringify(kind)} is neither Pod nor AdmissionReview`,
  )
}

/** Returns the first syntax error of a YAML or JSON text, with its line counted from 1. */
export const syntaxErrorIn = (
  text: string,
): { readonly line: number; readonly message: string } | undefined => {
  const [error] = parseAllDocuments(text, { prettyErrors: false, stringKeys: true }).flatMap(
    ({ errors }) => errors,
  )
  return error && { line: lineAt(text, error.pos[0]), message: describeSyntaxError(error.code) }
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length
