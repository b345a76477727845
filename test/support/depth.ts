import process from 'node:process'

/** How many cases of a property are tried: all in `npm run test:all`, a tenth in `npm test`. */
export const depth = (cases: number): number =>
  process.env['PROPERTY_DEPTH'] === 'full' ? cases : Math.ceil(cases / 10)
