import { WebhookError } from '../errors.ts'
import { SecretValue } from '../secret-value.ts'
import { absent, type SecretStore, type StoreAnswer } from './secret-store.ts'
import { utf8 } from '../utf8.ts'

/** The part of Node's `fs` that is needed. */
export interface FileSystem {
  /** Whether there is anything at the path. */
  readonly exists: (path: string) => boolean
  /** Reads a file whole; a failure carries Node's `code`. */
  readonly readFile: (path: string, options: { readonly signal: AbortSignal }) => Promise<Uint8Array>
}

/** What Linux answers where there is no such file, or no file can have that name. */
const noSuchFile: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ELOOP'])
const notAllowed: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM'])

/**
 * Global secrets in files: `<directory>/<group>/<key>`, as they are written, line ends included (specification §4.1).
 * A group or key that could leave the directory is never looked up. A directory that is not there when the function
 * starts (a layer or file system would be) holds nothing: no call pays for looking again.
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
    ? new WebhookError('store-refused', 'the function may not read the file: give it the permission', {
        cause,
      })
    : new WebhookError('store-unavailable', 'the file could not be read: try again', { cause })
  return { kind: 'failed', error }
}
