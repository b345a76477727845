import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { tokenDigestsVariable, withTokenDigests } from '../../lib/caller/token-digests.ts'
import { CommandFailure, sentenceOf, whyUnreadable, wrongUsage } from '../failure.ts'
import { codeOf, unlessAbsent } from '../file-errors.ts'
import { assignment, parameterIn } from './assignment.ts'

/**
 * Reads the stack's parameter from a file, where it is written as for `--param`. A missing file holds no digests. An empty file
 * is an error: only a shell leaves one, when it empties the file before the command reads it (`>`).
 */
export const readDigestsFile = async (file: string): Promise<string> => {
  const text = await readIfThere(file)
  if (text?.trim() === '')
    throw new CommandFailure(
      `${file} is empty, so its digests are lost: restore it, or delete it if no cluster has a token yet; do not write to it with >`,
    )
  const parameter = parameterIn(text ?? '')
  try {
    withTokenDigests({}, parameter)
  } catch (cause) {
    throw wrongUsage(`${file}: ${sentenceOf(cause).replace(`${tokenDigestsVariable}: `, '')}`, { cause })
  }
  return parameter
}

/** The parameter that a command has read from a file, and the one to write. */
export interface Change {
  readonly before: string
  readonly after: string
}

/**
 * Replaces the file atomically, so that no digest is ever lost: the text is on disk before it gets the name, and another run
 * cannot change the file between `before` and `after`. An existing file keeps its mode, and a symbolic link stays a link.
 */
export const changeDigestsFile = async (file: string, change: Change): Promise<void> => {
  try {
    await replace((await unlessAbsent(realpath(file))) ?? file, change)
  } catch (cause) {
    if (cause instanceof CommandFailure) throw cause
    throw new CommandFailure(`${file} cannot be written (${codeOf(cause)}): name a writable file`, {
      cause,
    })
  }
}

const replace = async (file: string, { before, after }: Change): Promise<void> => {
  const draft = `${file}.new`
  const opened = await openNew(draft)
  // While the draft exists, every other run fails to open it.
  try {
    await opened.writeFile(`${assignment(after)}\n`)
    await opened.sync()
    const stats = await unlessAbsent(stat(file))
    if (stats !== undefined) await opened.chmod(stats.mode & 0o777)
    if ((await readDigestsFile(file)) !== before)
      throw new CommandFailure(
        `another run has just changed ${file}, and this run changed nothing: run it again`,
      )
    await rename(draft, file)
  } catch (error) {
    await rm(draft)
    throw error
  } finally {
    await opened.close()
  }
}

const openNew = async (draft: string) => {
  try {
    return await open(draft, 'wx')
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST') throw cause
    throw new CommandFailure(
      `${draft} exists, so another run is changing the digests: run this again, or delete that file if no other run is left`,
      { cause },
    )
  }
}

const readIfThere = async (file: string): Promise<string | undefined> => {
  try {
    return await unlessAbsent(readFile(file, 'utf8'))
  } catch (cause) {
    throw wrongUsage(`${file}: ${whyUnreadable(cause)}`, { cause })
  }
}
