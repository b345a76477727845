import { folded } from '../folded-name.ts'

/** The path of a secret's files in every container (specification §2). */
export const secretsDirectory = '/etc/flyte/secrets'

/** The variables that tell flytekit how the secrets arrived (specification §2). */
export const discovery = {
  envPrefix: 'FLYTE_SECRETS_ENV_PREFIX',
  defaultDir: 'FLYTE_SECRETS_DEFAULT_DIR',
  filePrefix: 'FLYTE_SECRETS_FILE_PREFIX',
} as const

/** The variable in which flytekit looks for a secret: the unchanged prefix, then the folded group and key if they are not empty. */
export const variableName = (prefix: string, group: string, key: string): string =>
  `${prefix}${folded([group, key].filter((part) => part !== '').join('_'))}`

/** A path below the secrets' directory that a file can have. */
export interface FilePath {
  readonly kind: 'path'
  /** Absolute: `/etc/flyte/secrets/db/password`. */
  readonly absolute: string
  /** Relative to the secrets' directory: `db/password`. */
  readonly relative: string
}

/** `NAME_MAX` and `PATH_MAX` of Linux, in bytes; the longer path includes the final NUL. */
const maxNameBytes = 255
const maxPathBytes = 4096

/**
 * The file in which flytekit looks for a secret: its parts in lower case by Unicode's full mapping, joined as Go's
 * `filepath.Join` does (without empty segments). A path that leaves its folder, or that no file can have, is
 * `unusable` with the reason.
 */
export const filePath = (...parts: readonly string[]): PossiblePath =>
  filePathAsWritten(...parts.map((part) => part.toLowerCase()))

export type PossiblePath = FilePath | { readonly kind: 'unusable'; readonly why: string }

/** The same without the conversion to lower case. */
export const filePathAsWritten = (...parts: readonly string[]): PossiblePath => {
  const segments = parts
    .join('/')
    .split('/')
    .filter((segment) => segment !== '')
  const relative = segments.join('/')
  const absolute = `${secretsDirectory}/${relative}`
  if (segments.length === 0) return { kind: 'unusable', why: 'the path of its file would be empty' }
  if (segments.includes('.') || segments.includes('..')) {
    return { kind: 'unusable', why: 'the path of its file would have a segment "." or ".."' }
  }
  if (relative.includes('\0')) return { kind: 'unusable', why: 'the path of its file would contain a NUL' }
  if (
    segments.some((segment) => Buffer.byteLength(segment) > maxNameBytes) ||
    Buffer.byteLength(absolute) >= maxPathBytes
  ) {
    return { kind: 'unusable', why: 'the path of its file would be longer than a file system allows' }
  }
  return { kind: 'path', absolute, relative }
}
