import { start } from './start.ts'

/** The Lambda handler of a configuration that reads nothing from AWS. */
export const { handler } = start()
