import { posix } from 'node:path'
import { z } from 'zod'
import { secretsDefaults } from './defaults.ts'
import { key, keyWithoutEffect, section } from './key.ts'

/** Prefixes of the variables of Lambda and AWS, which include the function's own credentials. */
const reservedPrefixes = ['AWS_', 'LAMBDA_', '_']

/** Whether a variable can begin with both prefixes: `AWS_SECRET_` and `AW` alike would give pods the function's credentials. */
const isReserved = (prefix: string): boolean =>
  reservedPrefixes.some((reserved) => prefix.startsWith(reserved) || reserved.startsWith(prefix))

const envPrefix = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, {
    error: ({ input }) =>
      input === ''
        ? 'must not be empty: every variable of the function would be a secret for pods'
        : 'must be letters, digits and _, and not begin with a digit: Lambda allows no other variable names',
  })
  .refine((prefix) => !isReserved(prefix.toUpperCase()), {
    error: 'must not be the prefix of a variable of Lambda or AWS: AWS_…, LAMBDA_… or _…',
  })

const reservedFolders = ['/', '/etc', '/opt', '/proc', '/tmp', '/var/task']

/** The path after `filepath.Clean`. */
const clean = (path: string): string => posix.resolve('/', path)

const isReservedFolder = (path: string): boolean =>
  reservedFolders.includes(path) || path.startsWith('/proc/')

const secretsPrefix = z
  .string()
  .regex(/^\//, { error: 'must be an absolute path, such as /etc/secrets or /opt/secrets' })
  .refine((path) => !path.includes('\0'), { error: 'must not contain a NUL' })
  .refine((path) => !isReservedFolder(clean(path)), {
    error: `must be a dedicated folder, not ${reservedFolders.join(', ')} or a path below /proc`,
  })
  .transform(clean)

/** Flyte's section `secrets`: where the manager Global looks. */
export const secretsSection = section({
  'env-prefix': key(envPrefix, {
    description: "The prefix of the function's own variables that contain secrets.",
    default: secretsDefaults['env-prefix'],
  }),
  'secrets-prefix': key(secretsPrefix, {
    description:
      'The folder with the files <group>/<key>. A Lambda layer appears under /opt, EFS under /mnt.',
    default: secretsDefaults['secrets-prefix'],
  }),
  type: keyWithoutEffect(),
})
