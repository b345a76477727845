/** A word of a command after the kubelet's expansion: `$$` becomes `$`, and `$(NAME)` the variable if it exists. */
export const expanded = (text: string, environment: Readonly<Record<string, string>> = {}): string =>
  text.replace(/\$(?:\$|\(([^)]*)\))/g, (found, name?: string) =>
    name === undefined ? '$' : Object.hasOwn(environment, name) ? String(environment[name]) : found,
  )
