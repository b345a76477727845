import type { Command } from 'commander'

/** The maximum width of `--help`. */
const columns = 80

/** Returns the commands' reference in Markdown, from the output of `--help`. */
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
  /** The full command: `flyte-webhook tokens list`. */
  readonly path: string
  readonly command: Command
}

const commandsBelow = (group: Command, path: string): readonly NamedCommand[] =>
  group.commands.flatMap((command) => {
    const inner = { path: `${path} ${command.name()}`, command }
    return [inner, ...commandsBelow(command, inner.path)]
  })

/** Returns the output of `--help`, independent of the terminal's width. */
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
