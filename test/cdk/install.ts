import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { cdkEnvironment, isCdkInstalled, manifests } from './environment.ts'

// Creates the folder of test/cdk/environment.ts, once for each content of the manifests. Renames it when it is complete.
if (!isCdkInstalled) {
  const folder = `${cdkEnvironment}.${process.pid}`
  mkdirSync(folder, { recursive: true })
  try {
    for (const file of manifests) copyFileSync(file, join(folder, basename(file)))
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: folder,
      stdio: 'inherit',
    })
    renameSync(folder, cdkEnvironment)
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    // Another process may have been faster.
    if (!existsSync(cdkEnvironment)) throw error
  }
}
process.stdout.write(`${cdkEnvironment}\n`)
