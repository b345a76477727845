// osls reads parts of serverless.yml only from CommonJS. The parts themselves are type-checked TypeScript.
const { fragments } = require('./fragments.ts')

module.exports = fragments
