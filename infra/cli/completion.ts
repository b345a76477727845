import type { Command, Option } from 'commander'

export type Shell = 'bash' | 'zsh' | 'fish'

/**
 * Returns a script that teaches a shell a program's commands, their options, and the values of options with choices. Elsewhere
 * the shell completes file names.
 */
export const completionScript = (program: Command, shell: Shell): string => {
  const nodes = nodesOf(program, '')
  switch (shell) {
    case 'bash':
      return bashScript(program.name(), nodes)
    case 'zsh':
      // zsh can run bash completions.
      return `autoload -U +X bashcompinit && bashcompinit\n${bashScript(program.name(), nodes)}`
    case 'fish':
      return fishScript(program.name(), nodes)
  }
}

/** A command, and the words that can follow it. */
interface Node {
  /** The command's path: empty for the program, or `/tokens/list`. */
  readonly path: string
  readonly options: readonly Option[]
  /** Its commands, or the choices of its argument. */
  readonly words: readonly string[]
}

const nodesOf = (command: Command, path: string): readonly Node[] => {
  const help = command.createHelp()
  help.showGlobalOptions = true
  return [
    {
      path,
      options: [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)],
      words: [
        ...help.visibleCommands(command).map((inner) => inner.name()),
        ...command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
      ],
    },
    ...command.commands.flatMap((inner) => nodesOf(inner, `${path}/${inner.name()}`)),
  ]
}

/** The words that can follow if a pattern matches `<path of the command>:<word before>:<word to complete>`. */
interface Rule {
  readonly patterns: readonly string[]
  readonly words: readonly string[]
}

/** Returns the rules of a command. The first match wins. */
const rulesOf = ({ path, options, words }: Node): readonly Rule[] => [
  ...options
    .filter(({ required }) => required)
    .map((option) => ({
      patterns: namesOf(option).map((name) => `${path}:${name}:*`),
      words: option.argChoices ?? [],
    })),
  { patterns: [`${path}:*:-*`], words: options.flatMap(namesOf) },
  { patterns: [`${path}:*`], words },
]

const namesOf = ({ short, long }: Option): readonly string[] =>
  [short, long].filter((name) => name !== undefined)

const pathsOf = (nodes: readonly Node[]): readonly string[] =>
  nodes.map(({ path }) => path).filter((path) => path !== '')

const functionName = (program: string): string => `_${program.replaceAll('-', '_')}`

/** Accesses no word by its index, which bash and zsh count differently. */
const bashScript = (program: string, nodes: readonly Node[]): string => `${functionName(program)}() {
  local current=$2 previous=$3 at='' count=0 word words=''
  for word in "\${COMP_WORDS[@]}"; do
    [ "$count" -lt "$COMP_CWORD" ] || break
    count=$((count + 1))
    case "$at/$word" in
    ${pathsOf(nodes).join('|')}) at="$at/$word" ;;
    esac
  done
  case "$at:$previous:$current" in
${nodes
  .flatMap(rulesOf)
  .map(({ patterns, words }) => `  ${patterns.join('|')}) words='${words.join(' ')}' ;;`)
  .join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F ${functionName(program)} ${program}`

const fishScript = (program: string, nodes: readonly Node[]): string => `function ${functionName(program)}
  set -l before (commandline -opc)
  set -l current (commandline -ct)
  set -l at ''
  for word in $before
    switch "$at/$word"
      case ${pathsOf(nodes).join(' ')}
        set at "$at/$word"
    end
  end
  set -l words
  switch "$at:$before[-1]:$current"
${nodes
  .flatMap(rulesOf)
  .map(
    ({ patterns, words }) =>
      `    case ${patterns.map((each) => `'${each}'`).join(' ')}\n      set words ${words.join(' ')}`,
  )
  .join('\n')}
  end
  if test (count $words) -gt 0
    printf '%s\\n' $words
  else
    __fish_complete_path "$current"
  end
end
complete -c ${program} -f -a '(${functionName(program)})'`
