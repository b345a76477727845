import type { Json } from '../support/pods.ts'

export type Mount = 'ANY' | 'FILE' | 'ENV_VAR'

/** One secret of a pod: the producer's request, the reads in each container, and the expected results. */
export interface Secret {
  /** Input of `producer.py`. */
  readonly produced: Json
  /** Input of `container.py`; `results` has a result for each. */
  readonly reads: readonly Json[]
  readonly results: readonly Json[]
}

/** The arguments for flytekit's SecretsManager. */
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
  /** Whether `env_var` replaces the variable that flytekit reads. */
  readonly envVarReplaces: boolean
}

/** Returns a secret as a flytekit task asks for it: `Secret(…)`, read with `current_context().secrets.get(…)` and `env_var`. */
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

/** Returns a secret as a Flyte 2 SDK task asks for it: `flyte.Secret(…)`, read from the variable or file that it names. */
export const ofFlyte = (fields: Json, read: Json, text: string): Secret => ({
  produced: { sdk: 'flyte', fields },
  reads: [read],
  results: [{ bytes: encoded(text) }],
})

/** Returns a text as flytekit does: it strips white space, and opens a file as text, so Python converts line ends to `\n`. */
const asGiven = (text: string, from: 'file' | 'variable'): string =>
  (from === 'file' ? text.replace(/\r\n?/g, '\n') : text).trim()

const encoded = (text: string): string => Buffer.from(text).toString('base64')

/** Texts that could be lost or changed on the way: key → text. */
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

/**
 * Similar texts that env files can hold: no single quotes, no Windows line ends, no lines of 64 KiB, not empty. Secrets
 * Manager accepts 64 KiB.
 */
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

/** Texts that no env file can hold, by the reason in the message. */
export const unfitTexts: Readonly<Record<string, readonly [key: string, text: string]>> = {
  'it holds a single quote': ['unfit-quote', "it's planted"],
  'it has line ends of Windows (CR LF)': ['unfit-lines', 'planted\r\nhere\r\n'],
  'it has a line of more than 65,535 bytes': ['unfit-line', 'planted'.repeat(9_362)],
}
export const unfitByKey: Readonly<Record<string, string>> = Object.fromEntries(Object.values(unfitTexts))
