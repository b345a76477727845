/** A place in `webhook.yaml`: keys and positions, from the top. */
export type Path = readonly (string | number)[]

const plainKey = /^[A-Za-z_][-A-Za-z0-9_]*$/

/** Writes a path as the operator would; keys with dots or special characters go in brackets and quotes. */
export const formatPath = (path: Path): string =>
  path.reduce<string>((before, step) => {
    if (typeof step === 'number') return `${before}[${step}]`
    if (!plainKey.test(step)) return `${before}[${quote(step)}]`
    return before === '' ? step : `${before}.${step}`
  }, '')

/** Escapes everything outside printable ASCII, so a key cannot control a terminal. */
const quote = (text: string): string =>
  JSON.stringify(text).replace(/[^ -~]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)

/** Whether one of two paths leads to, or through, the other. */
export const isOnPath = (a: Path, b: Path): boolean => {
  const shorter = a.length < b.length ? a : b
  return shorter.every((_, index) => a[index] === b[index])
}
