// npm run build:package: writes dist-package, the package that operators install, and its tarball, and says how large it is.
import { execFileSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { cp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writePlayground } from '../playground/build.ts'
import { projectRoot } from '../project-root.ts'
import { importedPackages } from './imported-packages.ts'
import { withoutDeadLinks } from './links.ts'
import { manifestOf } from './manifest.ts'

const folder = join(projectRoot, 'dist-package')
const inFolder = (name: string): string => join(folder, name)

/** Files that the package has as the repository has them. */
const copied = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'SECURITY.md',
  'docs/*.md',
  'docs/adr/*.md',
  'docs/managers/*.md',
  'examples/*.{json,yaml}',
  'webhook.schema.json',
  'webhook.yaml',
]

const compile = (): void => {
  const tsc = join(projectRoot, 'node_modules/typescript/bin/tsc')
  execFileSync(process.execPath, [tsc, '--project', 'infra/package'], { cwd: projectRoot, stdio: 'inherit' })
}

const copy = async (): Promise<void> => {
  for (const name of globSync(copied, { cwd: projectRoot })) await cp(join(projectRoot, name), inFolder(name))
}

/** The pages link to tests and code of the repository, which the package has not. */
const mendLinks = async (): Promise<void> => {
  for (const name of globSync('**/*.md', { cwd: folder })) {
    const page = inFolder(name)
    const isThere = (target: string): boolean => existsSync(join(dirname(page), target))
    await writeFile(page, withoutDeadLinks(await readFile(page, 'utf8'), isThere))
  }
}

/** The stack of this project, for a serverless.yml that takes its sections from here: osls reads files from its folder. */
const writeStack = async (): Promise<void> => {
  const stack = await readFile(join(projectRoot, 'serverless.yml'), 'utf8')
  const moved = stack.replaceAll('${file(infra/', '${file(node_modules/flyte-webhook/infra/')
  await writeFile(inFolder('serverless.yml'), moved)
}

const writeManifest = async (): Promise<void> => {
  const modules = globSync('{functions,infra,lib}/**/*.{js,cjs}', { cwd: folder })
  const manifest = manifestOf(await importedPackages(folder, modules))
  await writeFile(inFolder('package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

/** Gives the tarball's name. */
const pack = (): string =>
  execFileSync('npm', ['pack', './dist-package', '--silent'], { cwd: projectRoot, encoding: 'utf8' }).trim()

await rm(folder, { recursive: true, force: true })
compile()
await copy()
await mendLinks()
await writeStack()
await writePlayground(inFolder('playground'))
await writeManifest()
const tarball = pack()
const { size } = await stat(join(projectRoot, tarball))
console.log(`${tarball}  ${new Intl.NumberFormat('en-US').format(size)} bytes`)
