// What lib/ takes of `node:path`, for the playground's page.
export { posix } from 'path-browserify'
