import { lstat, readlink } from 'node:fs/promises'
import { CommandFailure } from '../failure.ts'
import { unlessAbsent } from '../file-errors.ts'

/** What may stand at a path: a directory or file, or a link to what `target` says. */
type Expected = { readonly kind: 'entry' } | { readonly kind: 'link'; readonly target: RegExp }

/** `group` and `others` may write (POSIX `S_IWGRP | S_IWOTH`). */
const writableByOthers = 0o022

/**
 * Refuses a path below which somebody else could put a key or a certificate: a link that was not made here, what another user
 * owns, and what group or others may write. A path where nothing stands is right.
 */
export const requireOwn = async (path: string, expected: Expected = { kind: 'entry' }): Promise<void> => {
  const stats = await unlessAbsent(lstat(path))
  if (stats === undefined) return
  const user = process.getuid?.()
  if (user !== undefined && stats.uid !== user)
    throw new CommandFailure(
      `${path} belongs to another user (uid ${stats.uid}), who could exchange the key: name a directory that is yours alone`,
    )
  if (expected.kind === 'link') {
    if (stats.isSymbolicLink() && expected.target.test(await readlink(path))) return
    throw new CommandFailure(`${path} is not the link that \`flyte-webhook certs\` makes: move it away`)
  }
  if (stats.isSymbolicLink())
    throw new CommandFailure(
      `${path} is a symbolic link, so the key could be written or read elsewhere: name the directory itself, or move the link away`,
    )
  if ((stats.mode & writableByOthers) !== 0)
    throw new CommandFailure(
      `${path} may be written by group or others, who could exchange the key: take that permission away (chmod go-w), and make new certificates if somebody else may have changed these`,
    )
}
