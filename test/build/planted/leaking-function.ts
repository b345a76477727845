import { z } from 'zod'
import { bundledConfig } from '../../../lib/config/bundled.ts'

/** Checks its configuration at run time, so its bundle contains all of zod. */
export const handler = (): boolean => z.object({}).safeParse(bundledConfig).success
