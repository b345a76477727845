import type { Command } from 'commander'

const columns = 110

/** The commands' reference in Markdown, made of what `--help` says of each. Commands that only hold others are left out. */
export const createReference = (program: Command): string => {
  const commands = leavesOf(program, program.name())
  return `${[
    '# The command `flyte-webhook`',
    `${program.description()}. Made from the definitions of the commands by \`npm run docs\`.`,
    commands.map(({ path }) => `* [\`${path}\`](#${path.replaceAll(' ', '-')})`).join('\n'),
    ['```text', helpOf(program), '```'].join('\n'),
    ...commands.map(({ path, command }) => [`## ${path}`, '', '```text', helpOf(command), '```'].join('\n')),
  ].join('\n\n')}\n`
}

interface Leaf {
  /** As one writes it: `flyte-webhook tokens list`. */
  readonly path: string
  readonly command: Command
}

const leavesOf = (command: Command, path: string): readonly Leaf[] =>
  command.commands.length === 0
    ? [{ path, command }]
    : command.commands.flatMap((inner) => leavesOf(inner, `${path} ${inner.name()}`))

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
