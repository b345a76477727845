/**
 * Protects text from the kubelet, which expands `$(NAME)` and turns `$$` into one `$` in the value of a variable and in a
 * container's command (Kubernetes, `EnvVar.value`, `Container.command`). Not `replaceAll`: V8 makes a chain of small strings of
 * its result, which needs up to 60 times the memory.
 */
export const withoutExpansion = (text: string): string => text.split('$').join('$$')

/** The text after the kubelet's expansion if every `$` is doubled. */
export const asExpanded = (text: string): string => text.split('$$').join('$')
