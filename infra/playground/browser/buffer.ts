// The global `Buffer` of Node, for the playground's page. The slash selects the package instead of Node's own module.
export { Buffer } from 'buffer/'
