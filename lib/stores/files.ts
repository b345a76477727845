import { WebhookError } from '../errors.ts'
import { SecretValue } from '../secret-value.ts'
import { absent, type SecretStore, type StoreAnswer } from './secret-store.ts'
import { utf8 } from '../utf8.ts'

/** The required part of Node's `fs`. */
export interface FileSystem {
  /** Whether the path exists. */
  readonly exists: (path: string) => boolean
  /** Reads a whole file; a failure carries Node's `code`. */
  readonly readFile: (path: string, options: { readonly signal: AbortSignal }) => Promise<Uint8Array>
}

/** Linux' errors for a missing file, or for a name that no file can have. */
const noSuchFile: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ELOOP'])
const notAllowed: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM'])

/**
 * Global secrets in files: `<directory>/<group>/<key>`, unchanged, line ends included (specification §4.1).
 * It never looks up a group or key that could leave the directory. A directory that does not exist when the function
 * starts (from a layer or file system) counts as empty: no call pays for another look.
 */
export const createFileStore = (directory: string, { exists, readFile }: FileSystem): SecretStore => {
  const isThere = exists(directory)
  const read = async (path: string, signal: AbortSignal): Promise<StoreAnswer> => {
    try {
      return text(await readFile(path, { signal }))
    } catch (error) {
      return failure(error)
    }
  }
  return {
    get: (group, key, signal) =>
      !isThere || leaves(group) || leaves(key) ? absent : read(`${directory}/${group}/${key}`, signal),
  }
}

const text = (bytes: Uint8Array): StoreAnswer => {
  try {
    return { kind: 'value', value: new SecretValue(utf8.decode(bytes)) }
  } catch {
    const error = new WebhookError(
      'store-refused',
      'the file is not UTF-8, so it cannot be the value of a variable',
    )
    return { kind: 'failed', error }
  }
}

const leaves = (segment: string): boolean => segment === '.' || segment === '..' || /[/\\\0]/.test(segment)

const failure = (cause: unknown): StoreAnswer => {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (noSuchFile.has(code)) return absent
  const error = notAllowed.has(code)
    ? new WebhookError('store-refused', 'the function cannot read the file: grant it permission', {
        cause,
      })
    : new WebhookError('store-unavailable', 'the file could not be read: try again', { cause })
  return { kind: 'failed', error }
}
