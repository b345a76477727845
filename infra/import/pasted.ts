import { readDocument } from '../../lib/yaml/document.ts'
import { documentsOf } from './documents.ts'
import { recognise } from './shapes.ts'

/** What a text is that should have been a `webhook.yaml`, as a whole sentence; undefined where it may be one. */
export const whatIsPasted = (text: string): string | undefined => {
  for (const document of documentsOf({ name: '', text })) {
    const found = recognise(readDocument(document.text).value, document)
    if (found !== undefined) return found.what
  }
  return undefined
}
