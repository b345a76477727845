import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync, Visitor } from 'oxc-parser'
import { projectRoot } from '../../infra/project-root.ts'

/** A text of the code: one piece, or the pieces around the gaps of a template. */
export type SourceText = readonly string[]

/**
 * The files with texts that somebody can read: all of the function except for what runs at build time or in tests, API
 * Gateway's answers in the stack, and the command's output of `doctor`.
 */
const filePatterns = [
  'functions/*.ts',
  'lib/!(config|yaml|manager-testing)/**/!(vault-annotations).ts',
  'lib/*.ts',
  'infra/resources/gateway-responses.ts',
  'infra/doctor/**/!(summary).ts',
  'infra/cli/finding-lines.ts',
  'infra/config/config-file.ts',
  'infra/kubernetes/cluster.ts',
  'infra/registration/function-timeout.ts',
  'infra/registration/probe.ts',
  'infra/registration/probe-faults.ts',
  'infra/failure.ts',
  'infra/file-errors.ts',
]

/** Reads every text of these files. */
export const readSourceTexts = (): readonly SourceText[] =>
  filePatterns
    .flatMap(filesOf)
    .flatMap((file) => textsIn(file, readFileSync(join(projectRoot, file), 'utf8')))

const filesOf = (pattern: string): readonly string[] => {
  const files = globSync(pattern, { cwd: projectRoot })
  if (files.length === 0) throw new Error(`there is no file ${pattern}`)
  return files
}

/** The explanations of messages in a manager's module, for the catalogue. */
const ofCatalogue: ReadonlySet<string> = new Set(['reasons', 'unshown'])

/** The texts about keys and options in a manager's definition. */
const ofConfiguration: ReadonlySet<string> = new Set([
  'help',
  'summary',
  'sectionHelp',
  'means',
  'refusal',
  'instead',
  'notices',
])

/** Returns all texts of a file, for any purpose. Of a shell script in it, returns the script's messages. */
export const textsIn = (file: string, source: string): readonly SourceText[] => {
  const { program, errors } = parseSync(file, source)
  if (errors.length > 0) throw new Error(`${file}: ${errors.map(({ message }) => message).join('; ')}`)
  const texts: SourceText[] = []
  // A manager uses these texts only while a configuration is checked, like lib/config.
  const skipped: { readonly start: number; readonly end: number }[] = []
  const take = (at: number, pieces: SourceText): void => {
    if (!skipped.some(({ start, end }) => start <= at && at < end)) texts.push(pieces)
  }
  new Visitor({
    VariableDeclarator: ({ id, init }) => {
      if (id.type === 'Identifier' && ofCatalogue.has(id.name) && init !== null) skipped.push(init)
    },
    Property: ({ key, value }) => {
      if (key.type === 'Identifier' && ofConfiguration.has(key.name)) skipped.push(value)
    },
    Literal: ({ value, start }) => {
      if (typeof value === 'string') take(start, [value])
    },
    TemplateLiteral: ({ quasis, start }) =>
      take(
        start,
        quasis.map(({ value }) => value.cooked ?? value.raw),
      ),
  }).visit(program)
  return texts.flatMap((pieces) => (isScript(pieces) ? printedBy(pieces.join('')) : [pieces]))
}

/** Whether it can be a message or a part of one: it has letters, and white space inside. A single word says too little. */
export const isProse = (pieces: SourceText): boolean =>
  /\p{L}/u.test(pieces.join('')) && /\s/.test(pieces.join('…').trim())

const isScript = (pieces: SourceText): boolean => pieces.some((piece) => piece.includes('\n'))

/** The messages of a script of `sh` or `jq`: the text after `printf`, `fail <what>` and `error`. */
const message =
  /\bprintf '(?<printf>[^']*)'|\bfail "\$\w+" (?<quote>['"])(?<fail>.*?)\k<quote>|\berror\("(?<error>[^"]*)"\)/g

const printedBy = (script: string): readonly SourceText[] =>
  [...script.matchAll(message)].map(({ groups }) =>
    (groups?.['printf'] ?? groups?.['fail'] ?? groups?.['error'] ?? '').replace(/\\n$/, '').split(/%s|\$\w+/),
  )
