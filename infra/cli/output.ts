import { Option } from 'commander'

/** How a result is written: for a person, or as a document for a program. */
export type OutputFormat = 'text' | 'json' | 'yaml'

/** `--output`, as kubectl has it. `yaml` is for what is applied to a cluster. */
export const outputOption = <F extends OutputFormat>(formats: readonly [F, ...F[]]): Option =>
  new Option('-o, --output <format>', 'how the result is written').choices(formats).default(formats[0])

/** A result as a document of JSON, without the end of its last line. */
export const document = (value: unknown): string => JSON.stringify(value, null, 2)
