import { Command } from 'commander'
import { exitStatus, wrongUsage } from '../../failure.ts'
import type { Context } from '../context.ts'
import { inputName, readInputText, standardInput } from '../input.ts'
import { fileOption } from '../options.ts'
import { document, type OutputFormat, outputOption } from '../output.ts'

interface DecodeArguments {
  readonly filename?: string
  readonly output: OutputFormat
}

/** `flyte-webhook decode`. */
export const createDecodeCommand = ({ terminal }: Context): Command =>
  new Command('decode')
    .description('read the requests for secrets in annotations')
    .argument(
      '[value...]',
      'values of annotations, or whole lines of a manifest; by default, standard input: such lines, or a Pod or an AdmissionReview, as YAML or JSON',
    )
    .addOption(fileOption())
    .addOption(outputOption(['text', 'json']))
    .addHelpText(
      'after',
      `
Exit status: 1 if a value cannot be read.

Example:
  kubectl get pod my-task -o yaml | flyte-webhook decode
  flyte-webhook decode 'flyte.secrets/s0: nnsxsoraejwxsx2lmv3secq'`,
    )
    .action(async (words: readonly string[], { filename, output }: DecodeArguments) => {
      if (words.length > 0 && filename !== undefined)
        throw wrongUsage('give values of annotations, or name a file with -f')
      const [{ decodeValues, valuesIn, valuesOf }, { table }] = await Promise.all([
        import('../../preview/decoded-request.ts'),
        import('../../text/table.ts'),
      ])
      const file = filename ?? standardInput
      const values = words.length > 0 ? valuesOf(words) : valuesIn(await readInputText(file), inputName(file))
      const requests = decodeValues(values)
      if (output === 'json') {
        terminal.write(document({ requests }))
      } else {
        const rows = requests.map((one) => [
          one.annotation,
          'broken' in one ? `cannot be read: ${one.broken}` : one.request,
        ])
        terminal.write(table([['ANNOTATION', 'REQUEST'], ...rows]))
      }
      if (requests.some((one) => 'broken' in one)) process.exitCode = exitStatus.failed
    })
