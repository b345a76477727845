import type { StackParameters } from './parameters.ts'

/** Where a stack is to stand, and under which name. */
export interface Placement {
  readonly region: string
  /** `<service>-<stage>`, the function's name. */
  readonly name: string
}

/** Lambda's bound (its API reference, `CreateFunction`). */
const maxNameCharacters = 64

/** What AWS would refuse only in the middle of a deployment: a problem each, as those of parameters. */
export const misplaced = (
  { exposure, webAclArn, alarmTopicArn, logKmsKeyArn }: StackParameters,
  { region, name }: Placement,
): readonly string[] => {
  const certificateArn = exposure.kind === 'regional' ? exposure.domain?.certificateArn : undefined
  const elsewhere = Object.entries({ certificateArn, webAclArn, alarmTopicArn, logKmsKeyArn }).filter(
    ([, arn]) => arn !== undefined && arn.split(':')[3] !== region,
  )
  return [
    ...elsewhere.map(
      ([parameter, arn]) => `${parameter} is of the region ${arn?.split(':')[3]}, and the stack of ${region}`,
    ),
    ...(name.length > maxNameCharacters
      ? [`stage makes the function's name ${name.length} characters long: Lambda allows ${maxNameCharacters}`]
      : []),
  ]
}
