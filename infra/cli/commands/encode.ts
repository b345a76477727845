import { Command } from 'commander'
import { parseRequest, requestForm, requestFormHelp } from '../../preview/readable-request.ts'
import type { Context } from '../context.ts'
import { document, type OutputFormat, outputOption } from '../output.ts'

/** `flyte-webhook encode`. */
export const createEncodeCommand = ({ terminal }: Context): Command =>
  new Command('encode')
    .description('write requests for secrets as annotations for a pod')
    .argument('<request...>', requestForm)
    .addOption(outputOption(['text', 'json']))
    .addHelpText(
      'after',
      `${requestFormHelp}

Example:
  flyte-webhook encode db-creds/password:ENV_VAR`,
    )
    .action(async (requests: readonly string[], { output }: { readonly output: OutputFormat }) => {
      const [{ annotationValue }, { requestPrefix }] = await Promise.all([
        import('../../preview/annotation-value.ts'),
        import('../../../lib/request/annotations.ts'),
      ])
      const annotations = requests.map((request, index) => ({
        annotation: `${requestPrefix}${index}`,
        value: annotationValue(parseRequest(request)),
        request,
      }))
      terminal.write(
        output === 'json'
          ? document({ annotations })
          : annotations.map(({ annotation, value }) => `${annotation}: ${value || '""'}`).join('\n'),
      )
    })
