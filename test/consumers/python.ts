import { join } from 'node:path'
import { isMotoInstalled, motoEnvironment } from '../support/moto-environment.ts'

/** The Python with both versions of Flyte's SDKs, installed with moto. */
export const python = join(motoEnvironment, 'bin/python')
export const hasSdks = isMotoInstalled

if (!hasSdks)
  console.warn(
    `SKIPPED: all tests with Flyte's own SDKs, because there is no ${python}: run \`npx node test/moto/install.ts\``,
  )
