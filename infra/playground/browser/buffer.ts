// The global `Buffer` of Node, for the playground's page. The slash makes it the package, not Node's own module.
export { Buffer } from 'buffer/'
