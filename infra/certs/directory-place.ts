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
const linkThroughCurrent = /^\.current\/[^/]+$/
/** The files that other programs read. Each links through `.current`, so all of them change at once. */
const published = [fileNames.authorities, fileNames.certificate, fileNames.key] as const

/**
 * Keeps certificates in a directory, as the kubelet does for a Secret. Each write is a folder `.versions/<n>`. `.current`
 * links to the newest, and `ca.crt`, `tls.crt` and `tls.key` link through it. A write takes effect when its folder gets its
 * number, which only one run can get. If that run is killed later, the next run completes its work. Refuses a path that
 * somebody else could redirect.
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

/** Does work in a directory that only the user can change. If the directory fails, throws an error that says what to do. */
const usable = async <T>(directory: string, work: () => Promise<T>): Promise<T> => {
  try {
    await requireOwn(directory)
    await requireOwn(join(directory, versions))
    await requireOwn(join(directory, current), { kind: 'link', target: linkToVersion })
    for (const name of published)
      await requireOwn(join(directory, name), { kind: 'link', target: linkThroughCurrent })
    return await work()
  } catch (cause) {
    if (cause instanceof CommandFailure || !(cause instanceof Error && 'code' in cause)) throw cause
    throw new CommandFailure(
      `the ${nameOf(directory)} cannot be used (${String(cause.code)}): name a new directory, or one that you can write to`,
      { cause },
    )
  }
}

const nameOf = (directory: string): string => `directory ${directory}`

const folderOf = (directory: string, version: number): string => join(directory, versions, `${version}`)

/** Returns the number of the newest version, or 0 without one. */
const newestIn = async (directory: string): Promise<number> => {
  const names = await unlessAbsent(readdir(join(directory, versions)))
  return Math.max(0, ...(names ?? []).map(Number).filter(Number.isInteger))
}

const read = async (directory: string): Promise<Held> => {
  const version = await newestIn(directory)
  if (version === 0) return { files: {}, version: undefined, owners: [] }
  const folder = folderOf(directory, version)
  await requireOwn(folder)
  const files: Record<string, string> = {}
  for (const name of await readdir(folder)) {
    await requireOwn(join(folder, name))
    files[name] = await readFile(join(folder, name), 'utf8')
  }
  return { files, version: `${version}`, owners: [] }
}

/** Writes the files of a version and claims its number. Throws a `PlaceConflict` if another run has claimed it. */
const claim = async (directory: string, version: number, files: Files): Promise<void> => {
  await mkdir(join(directory, versions), { recursive: true, mode: 0o700 })
  const folder = folderOf(directory, version)
  try {
    const draft = await mkdtemp(join(directory, versions, 'draft-'))
    for (const [name, text] of Object.entries(files))
      await writeFile(join(draft, name), text, { mode: 0o600, flush: true })
    await rename(draft, folder)
  } catch (cause) {
    // Another run has claimed the number, and may have deleted this draft.
    if (['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(codeOf(cause)))
      throw new PlaceConflict(nameOf(directory), { cause })
    throw cause
  }
  // A lower number than the newest was claimed before, and its folder deleted.
  if ((await newestIn(directory)) === version) return
  await rm(folder, { recursive: true })
  throw new PlaceConflict(nameOf(directory))
}

/** Points every link to the newest version. */
const settle = async (directory: string): Promise<void> => {
  for (let version = await newestIn(directory), seen = 0; version !== seen; ) {
    await link(directory, current, join(versions, `${version}`))
    for (const name of published) await link(directory, name, join(current, name))
    seen = version
    // A faster run may have pointed the link to a newer version before this run changed it.
    version = await newestIn(directory)
  }
}

/** Creates or replaces a link atomically. */
const link = async (directory: string, name: string, target: string): Promise<void> => {
  const path = join(directory, name)
  if ((await unlessAbsent(readlink(path))) === target) return
  const draft = join(directory, versions, `draft-${randomUUID()}`)
  await symlink(target, draft)
  // A run that deletes this draft has already created the link.
  await unlessAbsent(rename(draft, path))
}

/** Deletes the drafts of killed runs, and all versions except this one and the previous one, which may still be read. */
const tidy = async (directory: string, version: number): Promise<void> => {
  for (const name of await readdir(join(directory, versions)))
    if (name.startsWith('draft-') || Number(name) < version - 1)
      // If another run writes into its draft meanwhile, this fails with ENOTEMPTY: try again.
      await rm(join(directory, versions, name), { recursive: true, force: true, maxRetries: 5 })
}
