import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

// Preload with `node --import`: kills the program, like `kill -9`, right before change number KILLED_AT to the file system.
let left = Number(process.env['KILLED_AT'])
for (const name of ['mkdir', 'mkdtemp', 'writeFile', 'rename', 'symlink', 'rm']) {
  const change = fs[name]
  fs[name] = (...args) => {
    if (--left === 0) process.kill(process.pid, 'SIGKILL')
    return change(...args)
  }
}
syncBuiltinESMExports()
