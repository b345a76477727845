import type { BundledConfig } from './config.ts'

/** esbuild replaces these names with the configuration and the project's version (`infra/build/bundle.ts`). */
declare const BUNDLED_CONFIG: BundledConfig
declare const BUNDLED_VERSION: string

/** The configuration of this bundle. It is neither read nor checked again at run time. */
export const bundledConfig: BundledConfig = BUNDLED_CONFIG

export const bundledVersion: string = BUNDLED_VERSION
