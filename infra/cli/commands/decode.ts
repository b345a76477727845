import { text } from 'node:stream/consumers'
import { Command } from 'commander'
import { exitStatus } from '../../failure.ts'
import type { Context } from '../context.ts'
import { document, type OutputFormat, outputOption } from '../output.ts'

/** `flyte-webhook decode`. */
export const createDecodeCommand = ({ terminal }: Context): Command =>
  new Command('decode')
    .description('read the requests for secrets in annotations')
    .argument(
      '[value...]',
      'values of annotations; without any, standard input: such values, or a Pod or an AdmissionReview, as YAML or JSON',
    )
    .addOption(outputOption(['text', 'json']))
    .addHelpText(
      'after',
      `
Exit status: 1 where a value cannot be read.

Example:
  kubectl get pod my-task -o yaml | flyte-webhook decode`,
    )
    .action(async (values: readonly string[], { output }: { readonly output: OutputFormat }) => {
      const [{ decodeValues, valuesIn, valuesOf }, { table }] = await Promise.all([
        import('../../preview/decoded-request.ts'),
        import('../../text/table.ts'),
      ])
      const requests = decodeValues(
        values.length === 0 ? valuesIn(await text(process.stdin)) : valuesOf(values),
      )
      if (output === 'json') {
        terminal.write(document('json', { requests }))
      } else {
        const rows = requests.map((one) => [
          one.annotation,
          'broken' in one ? `cannot be read: ${one.broken}` : one.request,
        ])
        terminal.write(table([['ANNOTATION', 'REQUEST'], ...rows]))
      }
      if (requests.some((one) => 'broken' in one)) process.exitCode = exitStatus.failed
    })
