/** What the kubelet makes of a word of a command: `$$` is one `$`, `$(NAME)` is the variable where there is such a one. */
export const expanded = (text: string, environment: Readonly<Record<string, string>> = {}): string =>
  text.replace(/\$(?:\$|\(([^)]*)\))/g, (found, name?: string) =>
    name === undefined ? '$' : Object.hasOwn(environment, name) ? String(environment[name]) : found,
  )
