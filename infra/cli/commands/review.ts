import { Command } from 'commander'
import { exitStatus } from '../../failure.ts'
import type { Context } from '../context.ts'
import { readInput, standardInput } from '../input.ts'
import { configOption, fileOption } from '../options.ts'

interface ReviewArguments {
  readonly config: string
  readonly decode: boolean
  readonly filename: readonly string[]
}

/** `flyte-webhook review` (specification §11). */
export const createReviewCommand = (context: Context): Command =>
  new Command('review')
    .description('answer AdmissionReviews with the code that runs on Lambda, one JSON document per line')
    .argument(
      '[file...]',
      'files with AdmissionReviews, as YAML or JSON, or one per line; - for standard input, which is the default',
    )
    .addOption(
      fileOption()
        .argParser((file: string, before: readonly string[]) => [...before, file])
        .default([], 'none'),
    )
    .option(
      '--decode',
      'print the patch and the patched pod as YAML instead, with the values of secrets hidden',
      false,
    )
    .addOption(configOption())
    .addHelpText(
      'after',
      `
Exit status: 0 if every review was answered, whatever the answers say (HTTP
500 too, with a warning); 2 if an input is not an AdmissionReview.

Example:
  flyte-webhook review --decode examples/plain.json`,
    )
    .action(async (files: readonly string[], { config, decode, filename }: ReviewArguments) => {
      const [{ readConfigFile }, { documents, review }, { decodedAnswer }] = await Promise.all([
        import('../../config/config-file.ts'),
        import('../review.ts'),
        import('../../preview/decoded-answer.ts'),
      ])
      const loaded = await readConfigFile(config)
      let count = 0
      for await (const reviewed of review(loaded, documents(contents([...files, ...filename])), context)) {
        count += 1
        context.terminal.write(decode ? decodedAnswer(reviewed, loaded.config) : reviewed.answer)
        if (reviewed.outcome === 'bad-request') {
          context.terminal.fail(`document ${count} is not an AdmissionReview; preview takes a pod too`)
          process.exitCode = exitStatus.usage
        }
        if (reviewed.outcome === 'failed')
          context.terminal.warn(`document ${count}: the webhook failed; the log line above says why`)
      }
    })

/** Yields the contents of the files, or of standard input. */
async function* contents(files: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const file of files.length === 0 ? [standardInput] : files) yield readInput(file)
}
