import { execFile } from 'node:child_process'
import { readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'
import { fullConfig, type Variant, variants } from '../stack/variants.ts'
import { type PackagedTemplate, Workspace } from '../stack/workspace.ts'
import { blocksOf } from '../support/markdown.ts'
import { cdkEnvironment, isCdkInstalled } from './environment.ts'

if (!isCdkInstalled) {
  console.warn(
    `SKIPPED: the recipe for the AWS CDK, because it is not in ${cdkEnvironment}: run \`npx node test/cdk/install.ts\``,
  )
}

const page = await readFile(join(projectRoot, 'docs/deploy-with-other-tools.md'), 'utf8')
const [recipe = ''] = blocksOf(page, 'AWS CDK', 'js')

/** Runs the recipe on a package and returns its stack. The code is in the CDK's own bucket. */
const synthesised = async (workspace: Workspace) => {
  const node_modules = join(workspace.folder, 'node_modules')
  await rm(node_modules)
  await symlink(join(cdkEnvironment, 'node_modules'), node_modules)
  await writeFile(join(workspace.folder, 'app.mjs'), recipe)
  const env = { ...process.env, CDK_OUTDIR: join(workspace.folder, 'cdk.out') }
  await promisify(execFile)(process.execPath, ['app.mjs'], { cwd: workspace.folder, env })
  const file = join(env.CDK_OUTDIR, 'flyte-webhook-production.template.json')
  return JSON.parse(await readFile(file, 'utf8'))
}

/** Sorts the dependencies of each resource by name, as the CDK does. */
const sorted = (resources: PackagedTemplate['Resources']): PackagedTemplate['Resources'] =>
  Object.fromEntries(
    Object.entries(resources).map(([id, { DependsOn = [], ...resource }]) => {
      const names = [DependsOn].flat().toSorted()
      return [id, names.length === 0 ? resource : { ...resource, DependsOn: names }]
    }),
  )

describe.skipIf(!isCdkInstalled)('the recipe for the AWS CDK', () => {
  it.each(Object.keys(variants) as Variant[])('creates the packaged stack of %s', async (variant) => {
    const workspace = await Workspace.create()
    try {
      await writeFile(join(workspace.folder, 'full.yaml'), fullConfig)
      const { portable } = await workspace.package(variants[variant])
      const { Resources, Outputs } = await synthesised(workspace)
      const { MutateLambdaFunction: packaged, ...others } = sorted(portable.Resources)
      expect(Resources).toMatchObject(others)
      expect(Outputs).toEqual(portable.Outputs)
      const { Code, ...properties } = Resources.MutateLambdaFunction.Properties
      expect({ Code: packaged?.Properties['Code'], ...properties }).toEqual(packaged?.Properties)
      expect(Code.S3Key).toMatch(/^[0-9a-f]{64}\.zip$/)
    } finally {
      await workspace.remove()
    }
  })
})
