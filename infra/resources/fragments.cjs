// osls reads parts of serverless.yml from CommonJS only; these are written in TypeScript, and type-checked.
const { fragments } = require('./fragments.ts')

module.exports = fragments
