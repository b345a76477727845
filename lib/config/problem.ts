/** Where in `webhook.yaml`: keys and positions, from the top. */
export type Path = readonly (string | number)[]

/** Something the operator has to change, or (a notice) should know. Holds no value of the configuration that could be a secret. */
export interface ConfigProblem {
  /** `webhook.awsSecretManager.sidecarImage`; empty where the file as a whole is meant. */
  readonly path: string
  /** Counted from 1. */
  readonly line: number | undefined
  /** What is wrong and what to do; goes on where the path ends: `must be text`. */
  readonly message: string
}

/** The same, found in what the file says and not yet in its text. */
export interface ConfigFinding {
  readonly path: Path
  readonly message: string
  /** What a finding about several keys builds on: where one of them is wrong by itself, the finding may be wrong too. */
  readonly reads?: readonly Path[]
}

const plainKey = /^[A-Za-z_][-A-Za-z0-9_]*$/

/** Writes a path as the operator would say it; keys with dots, or stranger ones, go in brackets and quotes. */
export const formatPath = (path: Path): string =>
  path.reduce<string>((before, step) => {
    if (typeof step === 'number') return `${before}[${step}]`
    if (!plainKey.test(step)) return `${before}[${quote(step)}]`
    return before === '' ? step : `${before}.${step}`
  }, '')

/** Everything outside printable ASCII escaped, so that a key cannot steer a terminal. */
const quote = (text: string): string =>
  JSON.stringify(text).replace(/[^ -~]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)

/** Whether one of two paths leads to, or through, the other. */
export const isOnPath = (a: Path, b: Path): boolean => {
  const shorter = a.length < b.length ? a : b
  return shorter.every((_, index) => a[index] === b[index])
}
