import { globSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { parseSync, Visitor } from 'oxc-parser'
import { projectRoot } from '../../infra/project-root.ts'

/** A file of the project, with its path from the root. */
export interface Source {
  readonly file: string
  readonly text: string
}

/** Returns the files that match a pattern. */
export const sourcesOf = (pattern: string): readonly Source[] =>
  globSync(pattern, { cwd: projectRoot })
    .toSorted()
    .map((file) => ({ file, text: readFileSync(posix.join(projectRoot, file), 'utf8') }))

interface Named {
  /** `gcp` for `lib/managers/gcp.ts` and all other modules with this beginning. */
  readonly module: string
  /** `GCP`. */
  readonly name: string
}

/** Returns the files outside a manager's own modules that have its name as a text, or import from its modules. */
export const namingFiles = (sources: readonly Source[], manager: Named): readonly string[] =>
  sources
    .filter((source) => !isOwn(source.file, manager) && isNamedIn(source, manager))
    .map(({ file }) => file)

const isOwn = (file: string, { module }: Named): boolean => file.startsWith(`lib/managers/${module}`)

const isNamedIn = ({ file, text }: Source, manager: Named): boolean => {
  const { program, errors } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file}: ${errors.map(({ message }) => message).join('; ')}`)
  let isNamed = false
  const look = (value: unknown): void => {
    if (typeof value !== 'string') return
    isNamed ||= value === manager.name || isOwn(posix.join(posix.dirname(file), value), manager)
  }
  new Visitor({
    Literal: ({ value }) => look(value),
    TemplateElement: ({ value }) => look(value.cooked),
  }).visit(program)
  return isNamed
}
