import { isObject } from '../../lib/json.ts'
import { readDocument } from '../../lib/yaml/document.ts'
import { documentsOf } from './documents.ts'
import { isOfDeployment, recognise } from './shapes.ts'

/** Says, in a whole sentence, what a text is if it cannot be a `webhook.yaml`; undefined if it can. */
export const whatIsPasted = (text: string): string | undefined => {
  for (const document of documentsOf({ name: '', text })) {
    const { value } = readDocument(document.text)
    // Nothing can be imported from this section alone: each of its settings gets an error with its line.
    if (isObject(value) && isOfDeployment(value) && Object.keys(value).length === 1) continue
    const found = recognise(value, document)
    if (found !== undefined) return found.what
  }
  return undefined
}
