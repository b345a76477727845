import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { minTimeoutSeconds, timeoutRule } from '../../infra/registration/timeout-rule.ts'
import { parseConfig } from '../../lib/webhook-yaml.ts'

const problemsOf = (text: string, functionTimeoutSeconds: number) => {
  const parsed = parseConfig(text, [timeoutRule(functionTimeoutSeconds)])
  return parsed.kind === 'problems' ? parsed.problems : []
}

const registering = (timeoutSeconds: number): string =>
  `function:\n  registration:\n    timeoutSeconds: ${timeoutSeconds}\n`

const path = 'function.registration.timeoutSeconds'
const why = (seconds: number): string =>
  `the function can take ${seconds} seconds (provider.timeout of serverless.yml), and an API server that gives up first prints the URL with its token`

describe('the time-out of a registration', () => {
  it.each([
    { text: registering(10), functionSeconds: 8 },
    { text: registering(30), functionSeconds: 28 },
    { text: '', functionSeconds: 13 },
    { text: 'function: {registration: {timeoutSeconds: }}', functionSeconds: 13 },
  ])('can be two seconds above the function’s: $text, $functionSeconds s', ({ text, functionSeconds }) => {
    expect(problemsOf(text, functionSeconds)).toEqual([])
  })

  it.each([
    {
      what: 'less than two seconds above it',
      text: registering(9),
      functionSeconds: 8,
      problem: { path, line: 3, message: `must be 10 or more, not 9: ${why(8)}` },
    },
    {
      what: 'below it',
      text: registering(2),
      functionSeconds: 8,
      problem: { path, line: 3, message: `must be 10 or more, not 2: ${why(8)}` },
    },
    {
      what: 'the default of a function that has more time',
      text: '\nfunction:\n  profile: flyte1\n',
      functionSeconds: 14,
      problem: { path, line: 2, message: `must be 16 or more, not 15: ${why(14)}` },
    },
    {
      what: 'the most that Kubernetes allows, if the function has as much',
      text: registering(30),
      functionSeconds: 30,
      problem: {
        path,
        line: 3,
        message: `is 30, and even the maximum of 30 is too little: ${why(30)}; lower provider.timeout to 28 or less`,
      },
    },
  ])('is refused if it is $what', ({ text, functionSeconds, problem }) => {
    expect(problemsOf(text, functionSeconds)).toEqual([problem])
  })

  it('is reported with all other problems, in the order of lines', () => {
    const text = `webhook:\n  foo: 1\n${registering(2)}  profile: flyte3\n`
    expect(problemsOf(text, 8).map(({ line }) => line)).toEqual([2, 5, 6])
  })

  it('is valid exactly from the function’s time-out plus the margin', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 60 }),
        (seconds, functionSeconds) => {
          const isRight = problemsOf(registering(seconds), functionSeconds).length === 0
          expect(isRight).toBe(seconds >= minTimeoutSeconds(functionSeconds))
        },
      ),
    )
  })
})
