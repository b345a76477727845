// npm run build [-- --config FILE]: checks the configuration, builds the function with it, and prints its size.
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { readConfigFile } from '../config/config-file.ts'
import { writePlayground } from '../playground/build.ts'
import { projectRoot } from '../project-root.ts'
import { bundle } from './bundle.ts'
import { assertNotLocal } from './deployment-rules.ts'
import { describeFailure } from './failure.ts'
import { inputsByFolder } from './inputs.ts'

const count = new Intl.NumberFormat('en-US')

const run = async (): Promise<void> => {
  const { values } = parseArgs({
    options: { config: { type: 'string', default: join(projectRoot, 'webhook.yaml') } },
  })
  const { config, definitions } = await readConfigFile(values.config)
  assertNotLocal(config)
  const built = await bundle({ config, definitions, outDir: join(projectRoot, 'dist') })
  console.log(
    `${relative(projectRoot, built.file)}  ${count.format(built.bytes)} bytes (${count.format(built.gzipBytes)} with gzip)`,
  )
  for (const [folder, bytes] of inputsByFolder(built.metafile)) {
    console.log(`  ${count.format(bytes).padStart(9)}  ${folder}`)
  }
  const playground = join(projectRoot, 'dist/playground')
  const files = [...(await writePlayground(playground, { definitions })).values()]
  const size = files.reduce((sum, { length }) => sum + length, 0)
  console.log(
    `${relative(projectRoot, playground)}/index.html  the playground, ${count.format(size)} bytes in total`,
  )
}

try {
  await run()
} catch (error) {
  const message = describeFailure(error)
  if (message === undefined) throw error
  console.error(message)
  process.exitCode = 1
}
