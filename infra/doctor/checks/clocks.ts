import type { Fact } from '../fact.ts'
import type { Clocks, ClusterFacts } from '../facts.ts'
import { type Check, ok, type Verdict, warning, whenKnown } from '../finding.ts'

/** A certificate of this project is valid as soon as it is created, by the clock of this machine. */
const tolerableSeconds = 60

/** Checks that the clocks of this machine, the API server and the function agree. */
export const clocksCheck: Check<ClusterFacts> = {
  name: 'clocks',
  look: ({ functionClock, apiServerClock }) => {
    const verdicts = [
      ...verdictsOf('the API server', apiServerClock),
      ...verdictsOf('the function', functionClock),
    ]
    const faults = verdicts.filter(({ level }) => level !== 'ok')
    return faults.length > 0
      ? faults
      : [ok('the API server, the function and this machine agree within a minute')]
  },
}

const verdictsOf = (whose: string, clocks: Fact<Clocks>): readonly Verdict[] =>
  clocks.kind === 'unknown'
    ? whenKnown({ ...clocks, why: `${whose}: ${clocks.why}` }, () => [])
    : [verdictOf(whose, clocks.value)]

const verdictOf = (whose: string, { here, there }: Clocks): Verdict => {
  const seconds = Math.round((there.getTime() - here.getTime()) / 1000)
  if (Math.abs(seconds) <= tolerableSeconds) return ok(`${whose} agrees`)
  return warning(
    `the clock of ${whose} is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} this machine's`,
    'synchronize the clocks with NTP: they decide whether a certificate is valid',
  )
}
