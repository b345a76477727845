import { homedir } from 'node:os'
import { join } from 'node:path'

/** This project's folder in the user's cache, for programs that tests build once. */
export const userCache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'flyte-webhook')
