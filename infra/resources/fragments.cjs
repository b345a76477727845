// osls reads parts of serverless.yml from CommonJS only; these are written in TypeScript, and type-checked.
module.exports = require('./fragments.ts').fragments
