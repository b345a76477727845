import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import type { Config } from '../../lib/config/config.ts'
import type { ConfigRule, ParsedConfig } from '../../lib/config/parse.ts'
import { isNonEmpty } from '../../lib/errors.ts'
import { shellWord } from '../../lib/manager-kit/shell.ts'
import type { AnyDefinition } from '../../lib/managers/any-definition.ts'
import { builtIn } from '../../lib/managers/built-in.ts'
import { parseConfig, parserWith } from '../../lib/webhook-yaml.ts'
import type { ConfigProblem } from '../../lib/config/problem.ts'
import { whyUnreadable } from '../failure.ts'
import { whatIsPasted } from '../import/pasted.ts'
import { message } from '../text/message.ts'
import type { OutsideManagers } from '../managers/outside-names.ts'
import { ConfigError } from './config-error.ts'

/** The content of a configuration file, or its problems. */
export interface ParsedFile {
  /** Its shortest name from the current folder. */
  readonly file: string
  readonly text: string
  readonly parsed: ParsedConfig
  /** The managers that it can name: those of this project, and those that it adds. */
  readonly definitions: readonly AnyDefinition[]
}

/** A configuration, and the managers that it can name. */
export interface LoadedConfig extends Pick<ParsedFile, 'definitions'> {
  readonly config: Config
}

/** Reads and checks a configuration file (`-` for standard input), also by `rules`. Passes each notice to `warn`, as one line. */
export const readConfigFile = async (
  path: string,
  warn: (line: string) => void = toStderr,
  rules: readonly ConfigRule[] = [],
): Promise<LoadedConfig> => {
  const read = await parseConfigFile(path, rules)
  return { config: configOf(read, warn), definitions: read.definitions }
}

/** Reads a configuration file, and finds all its problems and notices. */
export const parseConfigFile = async (
  path: string,
  rules: readonly ConfigRule[] = [],
): Promise<ParsedFile> => {
  const file = displayName(path)
  const text = await readText(path, file)
  const pasted = whatIsPasted(text)
  if (pasted !== undefined)
    return { file, text, parsed: toImport(path === '-' ? path : file, pasted), definitions: builtIn }
  const outside = await outsideManagersOf(text, path)
  const definitions = [...builtIn, ...(outside?.managers ?? [])]
  const problems = outside?.problems ?? []
  if (isNonEmpty(problems))
    return { file, text, parsed: { kind: 'problems', problems, notices: [] }, definitions }
  const parsed = await parsedWith(outside, text, rules)
  return { file, text, parsed: text.trim() === '' ? { ...parsed, notices: [isEmpty] } : parsed, definitions }
}

/** A failed command leaves an empty file behind `>`, and its defaults would replace the operator's settings. */
const isEmpty: ConfigProblem = {
  path: '',
  line: undefined,
  message: 'the file is empty, so every key has its default value',
}

/**
 * Reports one problem instead of one per key. The target is no existing file, because a shell empties it before the command
 * reads anything, and it stays empty if there is nothing to import.
 */
const toImport = (file: string, pasted: string): ParsedConfig => {
  const target = ['webhook.yaml', 'imported.yaml'].find((name) => !existsSync(name)) ?? 'imported-2.yaml'
  const problem = {
    path: '',
    line: undefined,
    message: `${pasted}: run flyte-webhook config import ${shellWord(file)} > ${target}`,
  }
  return { kind: 'problems', problems: [problem], notices: [] }
}

/**
 * Asks every outside manager to describe itself, and creates those that the configuration uses, so that their failures show here.
 */
const parsedWith = async (
  outside: OutsideManagers | undefined,
  text: string,
  rules: readonly ConfigRule[],
): Promise<ParsedConfig> => {
  if (outside === undefined) return parseConfig(text, rules)
  const { tryManagers } = await import('../managers/tried.ts')
  return tryManagers(outside, () => parserWith(outside.managers)(text, rules))
}

/** Most configurations add no managers, and need no esbuild. */
const outsideManagersOf = async (text: string, path: string): Promise<OutsideManagers | undefined> => {
  if (!/\bfrom\b/i.test(text)) return undefined
  const { loadOutsideManagers } = await import('../managers/outside-managers.ts')
  return loadOutsideManagers(text, resolve(path))
}

/** Returns the configuration of a file. Throws a `ConfigError` for an invalid one. */
export const configOf = (
  { file, parsed }: Pick<ParsedFile, 'file' | 'parsed'>,
  warn: (line: string) => void,
): Config => {
  for (const notice of parsed.notices)
    warn(`${place(file, notice)}: ${`${notice.path} ${notice.message}`.trimStart()}`)
  switch (parsed.kind) {
    case 'config':
      return parsed.config
    case 'problems':
      throw new ConfigError(parsed.problems.map((problem) => describe(file, problem)).join('\n'))
  }
}

const toStderr = (line: string): void => {
  process.stderr.write(`${message('warning', line)}\n`)
}

const displayName = (path: string): string => {
  if (path === '-') return 'standard input'
  const fromHere = relative('', path)
  return fromHere === '' || fromHere.startsWith('..') ? path : fromHere
}

const readText = async (path: string, file: string): Promise<string> => {
  try {
    return path === '-' ? await textOf(process.stdin) : await readFile(path, 'utf8')
  } catch (cause) {
    throw new ConfigError(`${file}: ${whyUnreadable(cause)}`, { cause })
  }
}

const place = (file: string, { line }: ConfigProblem): string =>
  line === undefined ? file : `${file}:${line}`

const describe = (file: string, problem: ConfigProblem): string =>
  [place(file, problem), problem.path, problem.message].filter((part) => part !== '').join(': ')
