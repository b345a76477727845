import { createHash } from 'node:crypto'
import { logicalId } from './fragment.ts'
import type { Template } from './finish-template.ts'

/** A template that any tool can deploy: where the code is, CloudFormation's own parameters say. */
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
 * The finished template without what osls needs for its own deployments: its bucket, its key of the code, which holds the time,
 * and its outputs, whose exported names two stacks in one account could not share. `zip` is the function's code: its digest
 * is in the default key, so that other code has another key, and CloudFormation updates the function.
 */
export const portableTemplate = (
  { Resources, Outputs, ...rest }: Template,
  zip: Uint8Array,
  bucket: string | undefined,
): PortableTemplate => {
  const { ServerlessDeploymentBucket, ServerlessDeploymentBucketPolicy, ...resources } = Resources
  const { [logicalId.function]: mutate } = resources
  if (mutate === undefined) throw new Error('osls made another template than was expected: our function')
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
