import process from 'node:process'

/** The number of cases to try for a property: all in `npm run test:all`, a tenth in `npm test`. */
export const depth = (cases: number): number =>
  process.env['PROPERTY_DEPTH'] === 'full' ? cases : Math.ceil(cases / 10)
