import { type BuildOptions, type BuildResult, build } from 'esbuild'
import { projectRoot } from '../project-root.ts'

/** A failed build. The message contains esbuild's errors, each with its file and line. */
export class BuildError extends Error {
  override readonly name = 'BuildError'
}

export type BuiltInMemory = BuildResult<{ write: false; metafile: true }>

/** Bundles and minifies with esbuild, in memory, with paths relative to the project's root. Throws a `BuildError`. */
export const buildInMemory = async (options: BuildOptions): Promise<BuiltInMemory> => {
  try {
    return await build({
      ...options,
      absWorkingDir: projectRoot,
      bundle: true,
      minify: true,
      metafile: true,
      write: false,
      logLevel: 'silent',
    })
  } catch (error) {
    throw error instanceof Error ? new BuildError(error.message, { cause: error }) : error
  }
}
