import { randomUUID } from 'node:crypto'
import { chmod, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
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

/**
 * Replaces the file atomically, so that no digest is ever lost: the text is on disk before it gets the name. An existing file
 * keeps its mode, and a symbolic link stays a link.
 */
export const writeDigestsFile = async (file: string, parameter: string): Promise<void> => {
  try {
    const target = await unlessAbsent(realpath(file))
    const mode = target === undefined ? undefined : (await stat(target)).mode & 0o777
    await replace(target ?? file, `${assignment(parameter)}\n`, mode)
  } catch (cause) {
    throw new CommandFailure(`${file} cannot be written (${codeOf(cause)}): name a writable file`, {
      cause,
    })
  }
}

const replace = async (file: string, text: string, mode: number | undefined): Promise<void> => {
  const draft = `${file}.${randomUUID()}`
  try {
    await writeFile(draft, text, { flag: 'wx', flush: true })
    if (mode !== undefined) await chmod(draft, mode)
    await rename(draft, file)
  } finally {
    await rm(draft, { force: true })
  }
}

const readIfThere = async (file: string): Promise<string | undefined> => {
  try {
    return await unlessAbsent(readFile(file, 'utf8'))
  } catch (cause) {
    throw wrongUsage(`${file}: ${whyUnreadable(cause)}`, { cause })
  }
}
