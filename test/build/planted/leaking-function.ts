import { z } from 'zod'
import { bundledConfig } from '../../../lib/config/bundled.ts'

/** A function that checks its configuration at run time, with all of zod in its bundle. */
export const handler = (): boolean => z.object({}).safeParse(bundledConfig).success
