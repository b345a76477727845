import { Option } from 'commander'

/** The format of a result: text for a person, or a document for a program. */
export type OutputFormat = 'text' | 'json' | 'yaml'

/** `--output`, as in kubectl. `yaml` is for objects to apply to a cluster. */
export const outputOption = <F extends OutputFormat>(formats: readonly [F, ...F[]]): Option =>
  new Option('-o, --output <format>', 'the format of the result').choices(formats).default(formats[0])

/** Formats a result as a JSON document, without the final line break. */
export const document = (value: unknown): string => JSON.stringify(value, null, 2)
