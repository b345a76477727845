import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isMotoInstalled, motoEnvironment, requirementsFile } from '../support/moto-environment.ts'

// Creates the virtual environment of test/support/moto-environment.ts, once for each content of test/requirements.txt. Builds
// it in a separate folder, because its programs hold its path, and links it to its name when it is complete.
if (!isMotoInstalled) {
  const folder = `${motoEnvironment}.${process.pid}`
  const python = (...args: readonly string[]) =>
    execFileSync(join(folder, 'bin/python'), args, { stdio: 'inherit' })
  mkdirSync(dirname(motoEnvironment), { recursive: true })
  rmSync(folder, { recursive: true, force: true })
  try {
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' })
    python('-m', 'pip', 'install', '--quiet', '--requirement', requirementsFile)
    // Makes the first server start as fast as any other.
    execFileSync(join(folder, 'bin/moto_server'), ['--help'], { stdio: 'ignore' })
    symlinkSync(basename(folder), motoEnvironment)
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    // Another process may have been faster.
    if (!existsSync(join(motoEnvironment, 'bin/moto_server'))) throw error
  }
}
process.stdout.write(`${motoEnvironment}\n`)
