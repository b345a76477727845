import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome']

const onPath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .flatMap((folder) => names.map((name) => join(folder, name)))

/** The Chromium binary: `CHROMIUM`, or the first on `PATH`. */
export const chromiumPath = [process.env['CHROMIUM'] ?? [], ...onPath].flat().find(existsSync)

if (chromiumPath === undefined)
  console.warn(
    `SKIPPED: all tests of the playground in a browser, because PATH has none of ${names.join(', ')}: install one, or name it in CHROMIUM`,
  )
