import type { StackParameters } from './parameters.ts'

/** The region and the name of a stack. */
export interface Placement {
  readonly region: string
  /** `<service>-<stage>`, the function's name. */
  readonly name: string
}

/** Lambda's limit (its API reference, `CreateFunction`). */
const maxNameCharacters = 64

/** Finds what AWS would refuse only in the middle of a deployment. Returns problems like those of parameters. */
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
      ([parameter, arn]) =>
        `${parameter} is in the region ${arn?.split(':')[3]}, but the stack is in ${region}`,
    ),
    ...(name.length > maxNameCharacters
      ? [`stage makes the function's name ${name.length} characters long: Lambda allows ${maxNameCharacters}`]
      : []),
  ]
}
