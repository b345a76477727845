import type { Json } from '../../support/pods.ts'

/** Long scripts of init containers, by the name that replaces each in a case as `{{name}}`. */
export type Scripts = Readonly<Record<string, string>>

/** Reads the scripts, each a list of lines. */
export const readScripts = (text: string): Scripts =>
  Object.fromEntries(
    Object.entries<readonly string[]>(JSON.parse(text)).map(([name, lines]) => [name, lines.join('\n')]),
  )

export const writtenScripts = (scripts: Scripts): string =>
  written(Object.fromEntries(Object.entries(scripts).map(([name, script]) => [name, script.split('\n')])))

/** Reads a case and inserts its scripts. */
export const readCase = (text: string, scripts: Scripts): Json =>
  mapTexts(JSON.parse(text), (one) =>
    Object.entries(scripts).reduce(
      (done, [name, script]) => done.replaceAll(`{{${name}}}`, () => script),
      one,
    ),
  )

/** Writes a case and replaces its scripts with their names. */
export const writtenCase = (one: Json, scripts: Scripts): string =>
  written(
    mapTexts(one, (text) =>
      Object.entries(scripts).reduce((done, [name, script]) => done.replaceAll(script, `{{${name}}}`), text),
    ),
  )

const written = (value: Json): string => `${JSON.stringify(value, null, 1)}\n`

const mapTexts = (value: Json, map: (text: string) => string): Json =>
  JSON.parse(JSON.stringify(value), (_, inner: unknown) => (typeof inner === 'string' ? map(inner) : inner))
