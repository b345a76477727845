import type { BundledConfig } from './config.ts'

/** esbuild puts the configuration of the build and the project's version in the place of these names (`infra/build/bundle.ts`). */
declare const BUNDLED_CONFIG: BundledConfig
declare const BUNDLED_VERSION: string

/** The configuration of this bundle: nothing is read or checked again at run time. */
export const bundledConfig: BundledConfig = BUNDLED_CONFIG

export const bundledVersion: string = BUNDLED_VERSION
