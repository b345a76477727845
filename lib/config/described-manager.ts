import { isObject, type JsonObject } from '../json.ts'
import type { AnyDescription, Makes, Notice, Reader, Trial } from '../manager-kit/definition.ts'
import type { BundledConfig, Config } from './config.ts'

/** What a manager says of itself with the options of a configuration. */
export interface DescribedManager {
  readonly name: string
  readonly makes: Makes
  readonly reader: Reader
  readonly notices: readonly Notice[]
  readonly trial: Trial | undefined
}

/** Asks a manager about itself, with the options that the configuration has for it. */
export const described = (manager: AnyDescription, config: Config): DescribedManager => {
  const options = optionsOf(manager, config)
  const deployment = { envFiles: config.function.envFiles !== undefined }
  return {
    name: manager.name,
    makes: typeof manager.makes === 'function' ? manager.makes(options, deployment) : manager.makes,
    reader: typeof manager.reader === 'function' ? manager.reader(options) : manager.reader,
    notices: manager.notices?.(options) ?? [],
    trial: manager.trial?.(options),
  }
}

/**
 * The options of a manager in a resolved configuration. They were made from the keys of this very manager, so they are of the type
 * that its functions take: this is the one place that knows it.
 */
export const optionsOf = ({ name, section, own }: AnyDescription, config: BundledConfig): never => {
  const { webhook, function: ours } = config
  const options = {
    ...objectIn(section === undefined ? ours.managers?.[name] : webhook[section]),
    ...objectIn(own === undefined ? undefined : ours[own.section]),
  }
  return options as never
}

const objectIn = (value: unknown): JsonObject => (isObject(value) ? value : {})
