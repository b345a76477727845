import { isObject, type JsonObject } from '../json.ts'
import type {
  AnyDescription,
  AskedFields,
  Deployment,
  Makes,
  Notice,
  Reader,
  Trial,
} from '../manager-kit/definition.ts'
import type { BundledConfig, Config } from './config.ts'

/** What a manager says about itself, for the options of a configuration. */
export interface DescribedManager {
  readonly name: string
  readonly makes: Makes
  readonly reader: Reader
  /** Undefined where it says nothing of its requests. */
  readonly asks: AskedFields | undefined
  readonly notices: readonly Notice[]
  readonly trial: Trial | undefined
}

/** Asks a manager about itself, with its options in the configuration. */
export const described = (manager: AnyDescription, config: Config): DescribedManager => {
  const options = optionsOf(manager, config)
  const deployment = { envFiles: config.function.envFiles !== undefined }
  return {
    name: manager.name,
    makes: makesOf(manager, config, deployment),
    reader: typeof manager.reader === 'function' ? manager.reader(options) : manager.reader,
    asks: typeof manager.asks === 'function' ? manager.asks(options) : manager.asks,
    notices: manager.notices?.(options) ?? [],
    trial: manager.trial?.(options),
  }
}

/** What a manager makes in a deployment, with the options of a configuration after some of them are replaced. */
export const makesOf = (
  manager: AnyDescription,
  config: Config,
  deployment: Deployment,
  instead: JsonObject = {},
): Makes => {
  const options: JsonObject = { ...optionsIn(manager, config), ...instead }
  return typeof manager.makes === 'function' ? manager.makes(options as never, deployment) : manager.makes
}

/**
 * The options of a manager in a resolved configuration. They were made from the keys of this manager, so they have the type
 * that its functions take. Only this function relies on that.
 */
export const optionsOf = (manager: AnyDescription, config: BundledConfig): never =>
  optionsIn(manager, config) as never

const optionsIn = ({ name, section, own }: AnyDescription, config: BundledConfig): JsonObject => {
  const { webhook, function: ours } = config
  return {
    ...objectIn(section === undefined ? ours.managers?.[name] : webhook[section]),
    ...objectIn(own === undefined ? undefined : ours[own.section]),
  }
}

const objectIn = (value: unknown): JsonObject => (isObject(value) ? value : {})
