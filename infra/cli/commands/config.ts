import { Command } from 'commander'
import { exitStatus } from '../../failure.ts'
import type { Context } from '../context.ts'
import { onlyFile } from '../input.ts'
import { fileOption } from '../options.ts'
import { document, type OutputFormat, outputOption } from '../output.ts'
import type { Terminal } from '../terminal.ts'
import { createImportCommand } from './config-import.ts'

/** `flyte-webhook config`. */
export const createConfigCommand = ({ terminal }: Context): Command =>
  new Command('config')
    .description("check a configuration, import Flyte's, and explain the keys")
    .addCommand(createCheckCommand(terminal))
    .addCommand(createImportCommand(terminal))
    .addCommand(createSchemaCommand(terminal))
    .addCommand(createExplainCommand(terminal))
    .addHelpText('after', '\nExample:\n  flyte-webhook config check webhook.yaml')

interface OutputArgument {
  readonly output: OutputFormat
}

interface CheckArguments extends OutputArgument {
  readonly filename?: string
}

const createCheckCommand = (terminal: Terminal): Command =>
  new Command('check')
    .description('find all problems of a configuration, each with its line')
    .argument('[file]', 'the configuration, by default webhook.yaml; - for standard input')
    .addOption(fileOption())
    .addOption(outputOption(['text', 'json']))
    .addHelpText(
      'after',
      `
Exit status: 2 if the configuration is invalid.

Example:
  flyte-webhook config check webhook.yaml`,
    )
    .action(async (argument: string | undefined, { filename, output }: CheckArguments) => {
      const [
        { configOf, parseConfigFile },
        { checkedJson, outlineOf },
        { readFunctionTimeout },
        { timeoutRule },
      ] = await Promise.all([
        import('../../config/config-file.ts'),
        import('../../config/check-output.ts'),
        import('../../registration/function-timeout.ts'),
        import('../../registration/timeout-rule.ts'),
      ])
      const path = onlyFile(argument, filename) ?? 'webhook.yaml'
      const read = await parseConfigFile(path, [timeoutRule(await readFunctionTimeout())])
      if (output === 'json') {
        terminal.write(document(checkedJson(read)))
        if (read.parsed.kind === 'problems') process.exitCode = exitStatus.usage
        return
      }
      const { profile, managers, digest } = outlineOf(configOf(read, terminal.warn))
      terminal.write(
        `${read.file}: valid; profile ${profile}, managers ${managers.join(', ')}, digest ${digest}`,
      )
    })

const createSchemaCommand = (terminal: Terminal): Command =>
  new Command('schema')
    .description('write the schema of webhook.yaml for editors, as JSON (JSON Schema, draft 7)')
    .addHelpText('after', '\nExample:\n  flyte-webhook config schema > webhook.schema.json')
    .action(async () => {
      const { createJsonSchema } = await import('../../config/json-schema.ts')
      terminal.write(document(createJsonSchema()))
    })

const createExplainCommand = (terminal: Terminal): Command =>
  new Command('explain')
    .description('explain a key of webhook.yaml: its meaning, its type, its default and the keys below it')
    .argument('[key]', 'the key, with dots between its parts; by default, the whole file', '')
    .addOption(outputOption(['text', 'json']))
    .addHelpText('after', '\nExample:\n  flyte-webhook config explain webhook.vaultSecretManager.role')
    .action(async (key: string, { output }: OutputArgument) => {
      const [{ explainKey }, { keyText }] = await Promise.all([
        import('../../config/explain.ts'),
        import('../../config/key-text.ts'),
      ])
      const explained = explainKey(key)
      terminal.write(output === 'text' ? keyText(explained, terminal.styled) : document(explained))
    })
