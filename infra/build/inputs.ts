import type { Metafile } from 'esbuild'

/** Returns the bytes that each source contributes to a bundle, largest first: `lib/pod`, `functions`, `@noble/hashes`. */
export const inputsByFolder = (metafile: Metafile): ReadonlyMap<string, number> => {
  const bytes = new Map<string, number>()
  for (const output of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
      const source = sourceOf(path)
      bytes.set(source, (bytes.get(source) ?? 0) + bytesInOutput)
    }
  }
  return new Map([...bytes].toSorted(([, left], [, right]) => right - left))
}

/** Returns the package of a file in `node_modules` (the innermost one), or the folder of any other file. */
const sourceOf = (path: string): string => {
  if (path.startsWith('commonjs:')) return sourceOf(path.slice('commonjs:'.length))
  // The configuration comes from esbuild's `define`, not from a file.
  if (path.startsWith('<define:')) return 'configuration'
  // A manager from outside: its namespace and its path, as in `outside:outside:Doppler`.
  if (path.startsWith('outside:')) return path.slice('outside:'.length)
  const inPackage = path.split('node_modules/').slice(1).at(-1)
  const parts = (inPackage ?? path).split('/')
  if (inPackage === undefined) return parts.slice(0, Math.max(1, parts.length - 1)).join('/')
  return parts.slice(0, inPackage.startsWith('@') ? 2 : 1).join('/')
}
