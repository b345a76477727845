import type { Command } from 'commander'

/** As wide as `--help` gets. */
const columns = 80

/** The commands' reference in Markdown, made of what `--help` says of each. */
export const createReference = (program: Command): string => {
  const commands = commandsBelow(program, program.name())
  return `${[
    '# The command `flyte-webhook`',
    `${program.description()}. Made from the definitions of the commands by \`npm run docs\`.`,
    commands.map(({ path }) => `* [\`${path}\`](#${path.replaceAll(' ', '-')})`).join('\n'),
    ['```text', helpOf(program), '```'].join('\n'),
    ...commands.map(({ path, command }) => [`## ${path}`, '', '```text', helpOf(command), '```'].join('\n')),
  ].join('\n\n')}\n`
}

interface NamedCommand {
  /** As one writes it: `flyte-webhook tokens list`. */
  readonly path: string
  readonly command: Command
}

const commandsBelow = (group: Command, path: string): readonly NamedCommand[] =>
  group.commands.flatMap((command) => {
    const inner = { path: `${path} ${command.name()}`, command }
    return [inner, ...commandsBelow(command, inner.path)]
  })

/** What `--help` prints, whatever the width of this terminal. */
const helpOf = (command: Command): string => {
  const printed: string[] = []
  command.configureOutput({
    writeOut: (text) => void printed.push(text),
    getOutHelpWidth: () => columns,
    getOutHasColors: () => false,
  })
  command.outputHelp()
  return printed.join('').trimEnd()
}
