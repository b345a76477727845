import { lstat, readlink } from 'node:fs/promises'
import { CommandFailure } from '../failure.ts'
import { unlessAbsent } from '../file-errors.ts'

/** What a path may be: a directory or file, or a link whose target matches. */
type Expected = { readonly kind: 'entry' } | { readonly kind: 'link'; readonly target: RegExp }

/** Write permission for `group` and `others` (POSIX `S_IWGRP | S_IWOTH`). */
const writableByOthers = 0o022

/**
 * Refuses a path where somebody else could put a key or a certificate: an unknown link, or a path that another user owns or
 * that group or others can write. Accepts a path that does not exist.
 */
export const requireOwn = async (path: string, expected: Expected = { kind: 'entry' }): Promise<void> => {
  const stats = await unlessAbsent(lstat(path))
  if (stats === undefined) return
  const user = process.getuid?.()
  if (user !== undefined && stats.uid !== user)
    throw new CommandFailure(
      `${path} belongs to another user (uid ${stats.uid}), who could replace the key: name a directory that only you can write`,
    )
  if (expected.kind === 'link') {
    if (stats.isSymbolicLink() && expected.target.test(await readlink(path))) return
    throw new CommandFailure(`${path} is not the link that \`flyte-webhook certs\` creates: move it away`)
  }
  if (stats.isSymbolicLink())
    throw new CommandFailure(
      `${path} is a symbolic link, so the key could be written or read elsewhere: name the directory itself, or move the link away`,
    )
  if ((stats.mode & writableByOthers) !== 0)
    throw new CommandFailure(
      `${path} is writable by group or others, who could replace the key: remove that permission (chmod go-w), and create new certificates if somebody else may have changed these`,
    )
}
