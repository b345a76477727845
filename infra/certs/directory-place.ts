import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandFailure } from '../failure.ts'
import { codeOf, unlessAbsent } from '../file-errors.ts'
import { fileNames, type Files } from './certificates.ts'
import { requireOwn } from './own-path.ts'
import { type Held, type Place, PlaceConflict } from './place.ts'

const current = '.current'
const versions = '.versions'
const linkToVersion = /^\.versions\/\d+$/
/** What other programs read; each is a link through `.current`, so that all of them change at once. */
const published = [fileNames.authorities, fileNames.certificate, fileNames.key] as const

/**
 * A directory, as the kubelet keeps one for a Secret: each write is a folder `.versions/<n>`, `.current` is a link to the
 * newest, and `ca.crt`, `tls.crt` and `tls.key` are links through it. A write counts from the moment when its folder has
 * its number, which only one of two can have; all that follows is completed by the next run, should this one be killed. A path that somebody else could turn is refused.
 */
export const createDirectoryPlace = (directory: string): Place => ({
  name: nameOf(directory),
  read: () => usable(directory, () => read(directory)),
  write: async (files, { replaces = '0', dryRun }) => {
    if (dryRun) return
    const version = Number(replaces) + 1
    await usable(directory, async () => {
      await claim(directory, version, files)
      await settle(directory)
      await tidy(directory, version)
    })
  },
  settle: () => usable(directory, () => settle(directory)),
})

/** Works in a directory that is the user's own, and says of one that fails what to do about it. */
const usable = async <T>(directory: string, work: () => Promise<T>): Promise<T> => {
  try {
    await requireOwn(directory)
    await requireOwn(join(directory, versions))
    await requireOwn(join(directory, current), { kind: 'link', target: linkToVersion })
    return await work()
  } catch (cause) {
    if (cause instanceof CommandFailure || !(cause instanceof Error && 'code' in cause)) throw cause
    throw new CommandFailure(
      `the ${nameOf(directory)} cannot be used (${String(cause.code)}): name a directory, or a new one, that you may write to`,
      { cause },
    )
  }
}

const nameOf = (directory: string): string => `directory ${directory}`

const folderOf = (directory: string, version: number): string => join(directory, versions, `${version}`)

/** The number of the newest version, 0 where there is none. */
const newestIn = async (directory: string): Promise<number> => {
  const names = await unlessAbsent(readdir(join(directory, versions)))
  return Math.max(0, ...(names ?? []).map(Number).filter(Number.isInteger))
}

const read = async (directory: string): Promise<Held> => {
  const version = await newestIn(directory)
  if (version === 0) {
    await refuseForeign(directory)
    return { files: {}, version: undefined, owners: [] }
  }
  const folder = folderOf(directory, version)
  await requireOwn(folder)
  const files: Record<string, string> = {}
  for (const name of await readdir(folder)) {
    await requireOwn(join(folder, name))
    files[name] = await readFile(join(folder, name), 'utf8')
  }
  return { files, version: `${version}`, owners: [] }
}

/** Files of these names that something else has made are not replaced. */
const refuseForeign = async (directory: string): Promise<void> => {
  const names = (await unlessAbsent(readdir(directory))) ?? []
  const foreign = published.find((name) => names.includes(name))
  if (foreign !== undefined)
    throw new CommandFailure(
      `${join(directory, foreign)} was not made by \`flyte-webhook certs\`: move it away, or name another directory`,
    )
}

/** Writes the files of a version and gives it its number; a `PlaceConflict` where another has that. */
const claim = async (directory: string, version: number, files: Files): Promise<void> => {
  await mkdir(join(directory, versions), { recursive: true, mode: 0o700 })
  const folder = folderOf(directory, version)
  try {
    const draft = await mkdtemp(join(directory, versions, 'draft-'))
    for (const [name, text] of Object.entries(files))
      await writeFile(join(draft, name), text, { mode: 0o600, flush: true })
    await rename(draft, folder)
  } catch (cause) {
    // The number is taken, or whoever has taken it has cleared this draft away.
    if (['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(codeOf(cause)))
      throw new PlaceConflict(nameOf(directory), { cause })
    throw cause
  }
  // A number that is less than another was taken before, and cleared away.
  if ((await newestIn(directory)) === version) return
  await rm(folder, { recursive: true })
  throw new PlaceConflict(nameOf(directory))
}

/** Turns every link to the newest version. */
const settle = async (directory: string): Promise<void> => {
  for (let version = await newestIn(directory), seen = 0; version !== seen; ) {
    await link(directory, current, join(versions, `${version}`))
    for (const name of published) await link(directory, name, join(current, name))
    seen = version
    // A run that was faster may have turned the link before this one did.
    version = await newestIn(directory)
  }
}

/** Makes a link, or turns one that is there, in one step. */
const link = async (directory: string, name: string, target: string): Promise<void> => {
  const path = join(directory, name)
  if ((await unlessAbsent(readlink(path))) === target) return
  const draft = join(directory, versions, `draft-${randomUUID()}`)
  await symlink(target, draft)
  // Whoever clears a draft away has made the link before.
  await unlessAbsent(rename(draft, path))
}

/** Clears away what killed runs have left, and all versions but this and the one before: a reader may be in its midst. */
const tidy = async (directory: string, version: number): Promise<void> => {
  for (const name of await readdir(join(directory, versions)))
    if (name.startsWith('draft-') || Number(name) < version - 1)
      // Another run may be writing into its draft meanwhile: ENOTEMPTY, and gone at the next try.
      await rm(join(directory, versions, name), { recursive: true, force: true, maxRetries: 5 })
}
