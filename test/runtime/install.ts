// A part of npm run test:runtime: builds the programs that test/runtime/programs.ts names, once for each content of test/runtime/interface.
// Builds in a temporary folder and renames it when complete. If a tool is missing, prints one line instead.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { areProgramsInstalled, pinsFolder, programsFolder } from './programs.ts'

const emulatorPackage = 'github.com/aws/aws-lambda-runtime-interface-emulator/cmd/aws-lambda-rie'

/** The emulator needs Go. The client needs the others: its native part is libcurl and a few C++ files. */
const tools = ['go', 'cc', 'c++', 'make', 'cmake', 'python3', 'tar', 'xz']
const missing = [
  ...(process.platform === 'linux' ? [] : ['Linux']),
  ...tools.filter((tool) => spawnSync(tool, ['--version']).error !== undefined),
]

/** Returns the folder with the headers of the Node 24 that `npm ci` installed, so that node-gyp does not download them. */
const nodeFolder = (): string => {
  const node = createRequire(import.meta.url).resolve('node/package.json')
  return dirname(createRequire(node).resolve(`node-linux-${process.arch}/package.json`))
}

const install = (): void => {
  const folder = `${programsFolder}.${process.pid}`
  mkdirSync(dirname(folder), { recursive: true })
  cpSync(pinsFolder, folder, { recursive: true })
  try {
    execFileSync('go', ['build', '-o', folder, emulatorPackage], { cwd: folder, stdio: 'inherit' })
    execFileSync('npm', ['ci'], {
      cwd: folder,
      stdio: 'inherit',
      env: { ...process.env, npm_config_nodedir: nodeFolder() },
    })
    renameSync(folder, programsFolder)
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    // Another process may have finished first.
    if (!existsSync(programsFolder)) throw error
  }
}

if (!areProgramsInstalled && missing.length === 0) install()
if (!areProgramsInstalled && missing.length > 0)
  console.warn(
    `SKIPPED: all tests on Lambda's runtime interface, because ${missing.join(', ')} is missing to build AWS's emulator and client`,
  )
