import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { isObject } from '../../lib/json.ts'
import { ConfigError } from '../config/config-error.ts'
import { projectRoot } from '../project-root.ts'

/** Reads the function's time-out from `serverless.yml`, in seconds. */
export const readFunctionTimeout = async (): Promise<number> => {
  const document: unknown = parse(await readFile(join(projectRoot, 'serverless.yml'), 'utf8'))
  const provider = isObject(document) ? document['provider'] : undefined
  const timeout = isObject(provider) ? provider['timeout'] : undefined
  if (typeof timeout !== 'number')
    throw new ConfigError('serverless.yml: provider.timeout: must be a number of seconds')
  return timeout
}
