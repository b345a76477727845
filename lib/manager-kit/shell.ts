/** Characters that a POSIX shell takes as they are wherever they stand in a word. */
const plain = /^[A-Za-z0-9_@%+=:,./-]+$/

/**
 * One word of a POSIX shell: as it is where that is safe, else in single quotes, with each `'` as `'"'"'`
 * (specification §4.4; POSIX.1-2024, Shell Command Language, 2.2 Quoting).
 */
export const shellWord = (text: string): string =>
  plain.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`

/** Text inside the double quotes of a POSIX shell: `\`, `"`, `$` and the back quote lose their meaning. */
export const insideDoubleQuotes = (text: string): string => text.replace(/[\\"$`]/g, '\\$&')

/** The kubelet expands `$(NAME)` in a container's command too, and makes `$$` one `$` (Kubernetes, `Container.command`). */
export const withoutExpansion = (text: string): string => text.replaceAll('$', '$$$$')

/** One word of a script that stands in a command: quoted for the shell, and nothing of it is expanded by the kubelet. */
export const scriptWord = (text: string): string => withoutExpansion(shellWord(text))
