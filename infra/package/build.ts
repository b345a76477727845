// npm run build:package: writes dist-package, the package that operators install, packs its tarball, and prints its size.
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

/** Files that the package contains unchanged. */
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

/** Removes links to tests and code of the repository, which the package does not contain. */
const mendLinks = async (): Promise<void> => {
  for (const name of globSync('**/*.md', { cwd: folder })) {
    const page = inFolder(name)
    const isThere = (target: string): boolean => existsSync(join(dirname(page), target))
    await writeFile(page, withoutDeadLinks(await readFile(page, 'utf8'), isThere))
  }
}

/** Writes this project's stack, whose sections an operator's serverless.yml includes. osls resolves paths from that file's folder. */
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

/** Returns the tarball's name. */
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
