import { printable } from '../../lib/admission/status.ts'
import { isObject, type JsonObject } from '../../lib/json.ts'
import { requestPrefix } from '../../lib/request/annotations.ts'
import { readSecretRequest } from '../../lib/request/secret-request.ts'
import { wrongUsage } from '../failure.ts'
import { readPodDocument } from './pod-document.ts'
import { requestDocument } from './readable-request.ts'

/** The value of an annotation, and its source: the annotation's name, or its place on the command line. */
export interface AnnotationValue {
  readonly annotation: string
  readonly value: string
}

/** A request read from an annotation, or why the annotation cannot be read. */
export type DecodedRequest = { readonly annotation: string } & (
  | ReturnType<typeof requestDocument>
  | { readonly broken: string }
)

/** Reads annotations as requests, in the same order. */
export const decodeValues = (values: readonly AnnotationValue[]): readonly DecodedRequest[] =>
  values.map(({ annotation, value }) => {
    const read = readSecretRequest(annotation, value)
    return read.kind === 'request'
      ? { annotation, ...requestDocument(read.request) }
      : { annotation, broken: `${read.why} (at offset ${read.offset})` }
  })

/**
 * Reads annotations from words of a command line: bare values, named by their place, or lines of a manifest. A shell splits an
 * unquoted line into two words.
 */
export const valuesOf = (words: readonly string[]): readonly AnnotationValue[] =>
  words
    .join('\n')
    .replaceAll(':\n', ': ')
    .split('\n')
    .map((word, index) => annotationIn(word) ?? { annotation: placeOf(index), value: word })

const placeOf = (index: number): string => `value ${index + 1}`

/** A line as `encode` writes it, or as in a pod's YAML or JSON. */
const annotated = /^\s*"?(?<annotation>flyte\.secrets\/s[^\s:"]*)"?:\s*"?(?<value>[^\s",]*)"?,?\s*$/

const annotationIn = (line: string): AnnotationValue | undefined => {
  const { annotation, value = '' } = annotated.exec(line)?.groups ?? {}
  return annotation === undefined ? undefined : { annotation, value }
}

/** A bare value. */
const bare = /^\s*"?(?<value>[a-z1-6]*)"?\s*$/

const valueAlone = (line: string, index: number): AnnotationValue | undefined => {
  const value = bare.exec(line)?.groups?.['value']
  return value === undefined ? undefined : { annotation: placeOf(index), value }
}

/**
 * Finds the annotations that ask for secrets in a pod, in the pod of an AdmissionReview, or in lines of annotations or values.
 * `name` is the source of the text, for messages.
 */
export const valuesIn = (text: string, name = 'standard input'): readonly AnnotationValue[] => {
  const lines = text.split('\n').filter((each) => each.trim() !== '')
  const read = lines.map((each, index) => annotationIn(each) ?? valueAlone(each, index))
  const values = read.filter((value) => value !== undefined)
  if (lines.length > 0 && values.length === lines.length) return values
  const { kind, object } = readPodDocument(text, name)
  const found = valuesOfPod(kind === 'Pod' ? object : objectIn(objectIn(object, 'request'), 'object'))
  if (found.length === 0) throw wrongUsage(`${name}: the pod has no annotation ${requestPrefix}…`)
  return found
}

/** Returns a pod's annotations that ask for secrets, even if the webhook ignores the pod. */
export const valuesOfPod = (pod: JsonObject): readonly AnnotationValue[] =>
  Object.entries(objectIn(objectIn(pod, 'metadata'), 'annotations')).flatMap(([name, value]) =>
    name.startsWith(requestPrefix) && typeof value === 'string'
      ? [{ annotation: printable(name), value }]
      : [],
  )

const objectIn = (object: JsonObject, key: string): JsonObject => {
  const value = object[key]
  return isObject(value) ? value : {}
}
