#!/usr/bin/env node
// The command's entry, in plain JavaScript for whatever Node (20 or later) is installed. The rest is TypeScript for Node 24,
// which is a dependency of this project: it is started here, unless this is Node 24 already.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import module, { createRequire } from 'node:module'
import { constants, homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const neededMajor = 24

/** The path of Node 24's program, `undefined` where it is not installed. Taken from its package, never from PATH. */
const findNode = () => {
  try {
    const manifest = createRequire(import.meta.url).resolve('node/package.json')
    const program = join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin.node)
    return existsSync(program) ? program : undefined
  } catch {
    return undefined
  }
}

/** Runs a program in this one's place: same terminal, same signals, same exit status. */
const become = (program, args) => {
  const child = spawn(program, args, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.once('error', (error) => {
    console.error(`error: Node ${neededMajor} cannot be started (${error.message})`)
    process.exitCode = 1
  })
  child.once('exit', (status, signal) => {
    // As a shell says it: 128 and the signal's number.
    process.exit(status ?? 128 + constants.signals[signal])
  })
}

const node = findNode()
if (node === undefined) {
  console.error(
    'error: its dependencies are not installed; run npm ci (with install scripts allowed) in its folder',
  )
  process.exitCode = 1
} else if (Number.parseInt(process.versions.node, 10) >= neededMajor) {
  // What Node makes of the sources is kept for the next call, which takes half the time then. Not in /tmp, which is everybody's.
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
  module.enableCompileCache(join(cache, 'flyte-webhook', 'compiled'))
  await import('./main.ts')
} else {
  become(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)])
}
