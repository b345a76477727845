import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { previewPicture, previewPictureFile } from './preview-picture.ts'

it('docs/preview.svg is what `npm run docs` draws of the current output of `preview`', async () => {
  expect(await readFile(previewPictureFile, 'utf8')).toBe(await previewPicture())
})
