import { createHash } from 'node:crypto'
import { logicalId } from './fragment.ts'
import type { Template } from './finish-template.ts'

/** A template that any tool can deploy. CloudFormation's own parameters say where the code is. */
interface PortableTemplate extends Template {
  readonly Parameters: {
    readonly CodeBucket: Parameter
    readonly CodeKey: Parameter
  }
}

interface Parameter {
  readonly Type: 'String'
  readonly Description: string
  readonly Default?: string
}

/**
 * Returns the finished template without what only osls needs: its bucket, its key of the code, which contains the time, and
 * its outputs, whose exported names two stacks in one account cannot share. `zip` is the function's code. Its digest is in
 * the default key, so that new code has a new key and CloudFormation updates the function.
 */
export const portableTemplate = (
  { Resources, Outputs, ...rest }: Template,
  zip: Uint8Array,
  bucket: string | undefined,
): PortableTemplate => {
  const { ServerlessDeploymentBucket, ServerlessDeploymentBucketPolicy, ...resources } = Resources
  const { [logicalId.function]: mutate } = resources
  if (mutate === undefined) throw new Error('osls created an unexpected template: expected our function')
  const digest = createHash('sha256').update(zip).digest('hex')
  return {
    ...rest,
    Parameters: {
      CodeBucket: {
        Type: 'String',
        Description: "The S3 bucket of the function's code, in the region of the stack",
        ...(bucket === undefined ? {} : { Default: bucket }),
      },
      CodeKey: {
        Type: 'String',
        Description: "The key of the function's code in the bucket",
        Default: `flyte-webhook/${digest}.zip`,
      },
    },
    Resources: {
      ...resources,
      [logicalId.function]: {
        ...mutate,
        Properties: {
          ...mutate.Properties,
          Code: { S3Bucket: { Ref: 'CodeBucket' }, S3Key: { Ref: 'CodeKey' } },
        },
      },
    },
    Outputs: Object.fromEntries(Object.entries(Outputs).filter(([, { Export }]) => Export === undefined)),
  }
}
