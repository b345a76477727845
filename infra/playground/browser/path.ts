// The part of `node:path` that lib/ uses, for the playground's page.
export { posix } from 'path-browserify'
