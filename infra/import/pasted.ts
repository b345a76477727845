import { readDocument } from '../../lib/yaml/document.ts'
import { documentsOf } from './documents.ts'
import { recognise } from './shapes.ts'

/** Says, in a whole sentence, what a text is if it cannot be a `webhook.yaml`; undefined if it can. */
export const whatIsPasted = (text: string): string | undefined => {
  for (const document of documentsOf({ name: '', text })) {
    const found = recognise(readDocument(document.text).value, document)
    if (found !== undefined) return found.what
  }
  return undefined
}
