import { Argument, Command } from 'commander'
import type { Context } from '../context.ts'
import type { Shell } from '../completion.ts'

/** `flyte-webhook completion`. */
export const createCompletionCommand = ({ terminal }: Context): Command =>
  new Command('completion')
    .description('write a completion script for commands, options and their values')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      `
bash: add this line to ~/.bashrc
  source <(flyte-webhook completion bash)
zsh: add this line to ~/.zshrc, after compinit
  source <(flyte-webhook completion zsh)
fish: write the script once
  flyte-webhook completion fish > ~/.config/fish/completions/flyte-webhook.fish

Example:
  flyte-webhook completion bash`,
    )
    .action(async (shell: Shell, _: unknown, command: Command) => {
      const { completionScript } = await import('../completion.ts')
      // The program that contains this command.
      if (command.parent !== null) terminal.write(completionScript(command.parent, shell))
    })
