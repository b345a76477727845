import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync, Visitor } from 'oxc-parser'
import { projectRoot } from '../../infra/project-root.ts'

/** A text of the code: one piece, or the pieces between which a template puts something. */
export type SourceText = readonly string[]

/**
 * The files whose texts somebody may read: of the function all but what runs at its build or in tests, of the stack what API Gateway says,
 * and of the command what `doctor` says through.
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

/** Every text of those files. */
export const readSourceTexts = (): readonly SourceText[] =>
  filePatterns
    .flatMap(filesOf)
    .flatMap((file) => textsIn(file, readFileSync(join(projectRoot, file), 'utf8')))

const filesOf = (pattern: string): readonly string[] => {
  const files = globSync(pattern, { cwd: projectRoot })
  if (files.length === 0) throw new Error(`there is no file ${pattern}`)
  return files
}

/** What a manager's module says of its messages, for the catalogue. */
const ofCatalogue: ReadonlySet<string> = new Set(['reasons', 'unshown'])

/** What a manager's definition says of its keys and options. */
const ofConfiguration: ReadonlySet<string> = new Set([
  'help',
  'summary',
  'sectionHelp',
  'means',
  'refusal',
  'instead',
  'notices',
])

/** All texts of a file, whatever they are for; of a shell script that it holds, what the script prints. */
export const textsIn = (file: string, source: string): readonly SourceText[] => {
  const { program, errors } = parseSync(file, source)
  if (errors.length > 0) throw new Error(`${file}: ${errors.map(({ message }) => message).join('; ')}`)
  const texts: SourceText[] = []
  // A manager says these while a configuration is checked, as lib/config does.
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

/** Whether it may be a message or a part of one: it has letters, and white space inside. A word alone says too little to be one. */
export const isProse = (pieces: SourceText): boolean =>
  /\p{L}/u.test(pieces.join('')) && /\s/.test(pieces.join('…').trim())

const isScript = (pieces: SourceText): boolean => pieces.some((piece) => piece.includes('\n'))

/** The messages of a script of `sh` or `jq`: what follows `printf`, `fail <what>` and `error`. */
const message =
  /\bprintf '(?<printf>[^']*)'|\bfail "\$\w+" (?<quote>['"])(?<fail>.*?)\k<quote>|\berror\("(?<error>[^"]*)"\)/g

const printedBy = (script: string): readonly SourceText[] =>
  [...script.matchAll(message)].map(({ groups }) =>
    (groups?.['printf'] ?? groups?.['fail'] ?? groups?.['error'] ?? '').replace(/\\n$/, '').split(/%s|\$\w+/),
  )
