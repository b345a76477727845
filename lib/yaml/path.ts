/** Where in `webhook.yaml`: keys and positions, from the top. */
export type Path = readonly (string | number)[]

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
