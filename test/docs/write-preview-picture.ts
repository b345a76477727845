// A part of npm run docs: draws the README's picture of a terminal session.
import { writeFile } from 'node:fs/promises'
import { previewPicture, previewPictureFile } from './preview-picture.ts'

await writeFile(previewPictureFile, await previewPicture())
