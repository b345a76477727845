import { buffer } from 'node:stream/consumers'
import { Command } from 'commander'
import { configOption } from '../options.ts'
import type { Context } from '../context.ts'
import { readInput } from '../input.ts'

/** `flyte-webhook review` (specification §11). */
export const createReviewCommand = (context: Context): Command =>
  new Command('review')
    .description('answer AdmissionReviews with the code that the Lambda runs, one JSON document a line')
    .argument(
      '[file...]',
      'files with one AdmissionReview each, or one a line; standard input when there are none',
    )
    .addOption(configOption())
    .addHelpText(
      'after',
      `
Exit status: 0 where every review was answered, whatever the answers say.

Example:
  flyte-webhook review --config webhook.yaml examples/plain.json`,
    )
    .action(async (files: readonly string[], { config }: { readonly config: string }) => {
      const [{ readConfigFile }, { documents, review }] = await Promise.all([
        import('../../config/config-file.ts'),
        import('../review.ts'),
      ])
      const loaded = await readConfigFile(config)
      for await (const answer of review(loaded, documents(contents(files)), context))
        context.terminal.write(answer)
    })

/** What the files hold, or standard input. */
async function* contents(files: readonly string[]): AsyncGenerator<Uint8Array> {
  if (files.length === 0) yield buffer(process.stdin)
  for (const file of files) yield readInput(file)
}
