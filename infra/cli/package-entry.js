#!/usr/bin/env node
// The package's entry, in plain JavaScript for whatever Node is installed: an older one than the package needs fails at any line.
import { readFileSync } from 'node:fs'

const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const needed = engines.node.replace('>=', '')
const { node } = process.versions

if (needed.localeCompare(node, 'en', { numeric: true }) > 0) {
  console.error(`error: flyte-webhook needs Node.js ${needed} or newer, and this is ${node}`)
  process.exitCode = 1
} else {
  await import('./main.ts')
}
