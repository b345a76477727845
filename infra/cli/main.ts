import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { Command, CommanderError } from 'commander'
import { ConfigError, readConfigFile } from '../config/config-file.ts'
import { documents, review } from './review.ts'

/** The exit status of a wrong configuration or usage (specification §11). */
const wrongUsage = 2

const program = new Command('flyte-webhook')
  .description("Flyte's pod webhook as a serverless function: the operator's tool")
  .exitOverride()

program
  .command('review')
  .description('answer AdmissionReviews with the code that the Lambda runs, one JSON document a line')
  .argument(
    '[file...]',
    'files with one AdmissionReview each, or one a line; standard input when there are none',
  )
  .option('--config <file>', 'the configuration', 'webhook.yaml')
  .addHelpText('after', '\nExample:\n  flyte-webhook review --config webhook.yaml examples/plain.json')
  .action(async (files: readonly string[], { config }: { readonly config: string }) => {
    const resolved = await readConfigFile(config)
    for await (const answer of review(resolved, documents(contents(files))))
      process.stdout.write(`${answer}\n`)
  })

/** What the files hold, or standard input. */
async function* contents(files: readonly string[]): AsyncGenerator<Uint8Array> {
  if (files.length === 0) yield buffer(process.stdin)
  for (const file of files) yield readFile(file)
}

// A reader that has seen enough, as `head`, ends the command.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

try {
  await program.parseAsync()
} catch (error) {
  // Commander has already written what it has to say.
  if (!(error instanceof CommanderError)) {
    const message = error instanceof Error ? error.message : String(error)
    process.stderr.write(error instanceof ConfigError ? `${message}\n` : `flyte-webhook: ${message}\n`)
  }
  process.exitCode = error instanceof CommanderError && error.exitCode === 0 ? 0 : wrongUsage
}
