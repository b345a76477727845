import type { Config } from './config.ts'

/** Put in place of this name when the bundle is built (infra/build/bundle.ts). */
declare const BUNDLED_CONFIG: Config

/** The configuration that this function was built with; checked then, never again. */
export const bundledConfig: Config = BUNDLED_CONFIG
