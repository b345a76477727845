import { execFileSync } from 'node:child_process'

/** What the kubelet makes of a command: `$$` is one `$`, `$(NAME)` is the variable where there is such a one. */
export const expanded = (text: string, environment: Readonly<Record<string, string>> = {}): string =>
  text.replace(/\$(?:\$|\(([^)]*)\))/g, (found, name?: string) =>
    name === undefined ? '$' : (environment[name] ?? found),
  )

/** Runs a script as a container with `sh -ec` does. */
export const run = (script: string, environment: Readonly<Record<string, string>> = {}): string =>
  execFileSync('sh', ['-ec', script], { encoding: 'utf8', env: { PATH: '/usr/bin:/bin', ...environment } })

/** A shell function that writes each call of a command with all its words, and ends with a status. */
export const recording = (command: string, status = 'return 0'): string =>
  `${command}() { printf '%s\\0' ${command} "$@"; printf '\\0'; ${status}; }\n`

/** The calls that were written, each as its words. */
export const callsIn = (output: string): readonly (readonly string[])[] =>
  output
    .split('\0\0')
    .slice(0, -1)
    .map((words) => words.split('\0'))
