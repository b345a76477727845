#!/usr/bin/env node
// The command's entry, in plain JavaScript for any installed Node (20 or later). The rest is TypeScript for Node 24, a dependency
// of this project. The entry starts it, unless this already is Node 24.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import module, { createRequire } from 'node:module'
import { constants, homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const neededMajor = 24

/** Returns the path of Node 24, or `undefined` if it is not installed. Takes it from its package, never from PATH. */
const findNode = () => {
  try {
    const manifest = createRequire(import.meta.url).resolve('node/package.json')
    const program = join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin.node)
    return existsSync(program) ? program : undefined
  } catch {
    return undefined
  }
}

/** Runs a program in place of this one: same terminal, same signals, same exit status. */
const become = (program, args) => {
  const child = spawn(program, args, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.once('error', (error) => {
    console.error(`error: Node ${neededMajor} cannot be started (${error.message})`)
    process.exitCode = 1
  })
  child.once('exit', (status, signal) => {
    // The exit status of a shell: 128 plus the signal's number.
    process.exit(status ?? 128 + constants.signals[signal])
  })
}

const node = findNode()
if (node === undefined) {
  console.error(
    'error: its dependencies are not installed: run npm ci (with install scripts allowed) in its folder',
  )
  process.exitCode = 1
} else if (Number.parseInt(process.versions.node, 10) >= neededMajor) {
  // Keep the compiled sources for the next call, which then takes half the time. Not in /tmp, where everybody can write.
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
  module.enableCompileCache(join(cache, 'flyte-webhook', 'compiled'))
  await import('./main.ts')
} else {
  become(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)])
}
