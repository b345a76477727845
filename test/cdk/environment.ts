import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** The manifests for npm. They install the AWS CDK's library, which is too large for everybody's `npm ci`. */
export const manifests = ['package.json', 'package-lock.json'].map((name) => join(import.meta.dirname, name))

const digest = manifests
  .reduce((hash, file) => hash.update(readFileSync(file)), createHash('sha256'))
  .digest('hex')
  .slice(0, 16)
const cacheFolder = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')

/** The folder in the user's cache that `test/cdk/install.ts` fills with these packages. Its name changes with the manifests. */
export const cdkEnvironment = join(cacheFolder, 'flyte-webhook', `cdk-${digest}`)

export const isCdkInstalled = existsSync(cdkEnvironment)
