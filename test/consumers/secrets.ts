import type { Json } from '../support/pods.ts'

export type Mount = 'ANY' | 'FILE' | 'ENV_VAR'

/** One secret of a pod: how its producer asks for it, how each container reads it, and what must come out. */
export interface Secret {
  /** Input of `producer.py`. */
  readonly produced: Json
  /** Input of `container.py`; a result for each stands in `results`. */
  readonly reads: readonly Json[]
  readonly results: readonly Json[]
}

/** What flytekit's SecretsManager is asked for. */
export interface Ask {
  readonly group?: string
  readonly key?: string
  readonly group_version?: string
}

export interface FlytekitSecret {
  readonly fields: Ask
  readonly mount: Mount
  readonly ask: Ask
  readonly from: 'file' | 'variable'
  readonly envVar: string | undefined
  readonly text: string
  /** Whether `env_var` takes the place of the variable in which flytekit looks. */
  readonly envVarReplaces: boolean
}

/** A secret as a task of flytekit asks for it: `Secret(…)`, read by `current_context().secrets.get(…)` and by `env_var`. */
export const ofFlytekit = ({
  fields,
  mount,
  ask,
  from,
  envVar,
  text,
  envVarReplaces,
}: FlytekitSecret): Secret => {
  const bytes = encoded(text)
  const get = { read: { flytekit: ask }, result: { text: asGiven(text, from), from, bytes } }
  const named = { mount_requirement: mount, ...fields }
  if (envVar === undefined)
    return { produced: { sdk: 'flytekit', fields: named }, reads: [get.read], results: [get.result] }
  const own = { read: from === 'file' ? { fileOf: envVar } : { variable: envVar }, result: { bytes } }
  const made = envVarReplaces ? [own] : [get, own]
  return {
    produced: { sdk: 'flytekit', fields: { ...named, env_var: envVar } },
    reads: made.map(({ read }) => read),
    results: made.map(({ result }) => result),
  }
}

/** A secret as a task of the Flyte 2 SDK asks for it: `flyte.Secret(…)`, read from the variable or the file that it names. */
export const ofFlyte = (fields: Json, read: Json, text: string): Secret => ({
  produced: { sdk: 'flyte', fields },
  reads: [read],
  results: [{ bytes: encoded(text) }],
})

/** What flytekit makes of a text: it strips white space, and opens a file as text, in which Python ends lines by `\n`. */
const asGiven = (text: string, from: 'file' | 'variable'): string =>
  (from === 'file' ? text.replace(/\r\n?/g, '\n') : text).trim()

const encoded = (text: string): string => Buffer.from(text).toString('base64')

/** What could be lost or changed on the way: key → text. */
export const texts: Readonly<Record<string, string>> = {
  Plain: 'hunter2',
  'uni-code': 'grün 🔑 U\u0308 \u2028 ﬁ',
  'expan.ded': '$(HOME) $(X) $$ $$(X) $ $( ${HOME}',
  li_nes: '-----BEGIN-----\none\r\ntwo\n-----END-----\n',
  padded: ' \t padded \n\n',
  quoted: `it's "quoted" \`id\` \\n %s {{ .Data }} ; # *`,
  long: 'ü'.repeat(32_768),
  empty: '',
}

/** What env files can hold of it: no single quote, no line end of Windows, no line of 64 KiB, not nothing. Secrets Manager takes 64 KiB. */
export const envFileTexts: Readonly<Record<string, string>> = {
  'env-Plain': 'hunter3',
  'env-uni-code': 'grün 🔑 U\u0308 \u2028 ﬁ',
  'env-expan.ded': '$(HOME) $(X) $$ $$(X) $ $( ${HOME}',
  env_li_nes: '\n-----BEGIN-----\none\rtwo\n\n-----END-----\n',
  'env-padded': ' \t padded \n\n',
  'env-quoted': `"quoted" \`id\` \\n %s {{ .Data }} ; # *`,
  'env-file': '# no comment\n=\nV=\n',
  'env-long': `${'ü'.repeat(15_000)}\n`.repeat(2),
}

/** What no env file can hold, by what is said of it. */
export const unfitTexts: Readonly<Record<string, readonly [key: string, text: string]>> = {
  'it holds a single quote': ['unfit-quote', "it's planted"],
  'it has line ends of Windows (CR LF)': ['unfit-lines', 'planted\r\nhere\r\n'],
  'it has a line of more than 65,535 bytes': ['unfit-line', 'planted'.repeat(9_362)],
}
export const unfitByKey: Readonly<Record<string, string>> = Object.fromEntries(Object.values(unfitTexts))
