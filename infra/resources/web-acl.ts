import type { Fragment, Stack } from './fragment.ts'
import { logicalId } from './fragment.ts'

/** Puts the operator's own web ACL before the stage. It sees the URL: `docs/deploy.md` says what its log must omit. */
export const webAcl = ({ parameters: { webAclArn }, stage }: Stack): Fragment =>
  webAclArn === undefined
    ? {}
    : {
        Resources: {
          WebAclAssociation: {
            Type: 'AWS::WAFv2::WebACLAssociation',
            Properties: {
              WebACLArn: webAclArn,
              ResourceArn: {
                'Fn::Sub': `arn:\${AWS::Partition}:apigateway:\${AWS::Region}::/restapis/\${${logicalId.api}}/stages/${stage}`,
              },
            },
            DependsOn: [logicalId.stage],
          },
        },
      }
