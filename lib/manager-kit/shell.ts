import { withoutExpansion } from '../kubelet-expansion.ts'

/** Characters that a POSIX shell leaves unchanged anywhere in a word. */
const plain = /^[A-Za-z0-9_@%+=:,./-]+$/

/**
 * One word of a POSIX shell: unchanged if that is safe, else in single quotes, with each `'` as `'"'"'`
 * (specification §4.4; POSIX.1-2024, Shell Command Language, 2.2 Quoting).
 */
export const shellWord = (text: string): string =>
  plain.test(text) ? text : `'${text.split("'").join(`'"'"'`)}'`

/** Text inside the double quotes of a POSIX shell. It escapes `\`, `"`, `$` and the back quote. */
export const insideDoubleQuotes = (text: string): string => text.replace(/[\\"$`]/g, '\\$&')

/** One word of a script inside a command: quoted for the shell, and protected from the kubelet's expansion. */
export const scriptWord = (text: string): string => withoutExpansion(shellWord(text))
