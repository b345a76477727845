import { isDeepStrictEqual } from 'node:util'
import type { Packaged } from './workspace.ts'

/** One requirement of a packaged stack: the value of a resource's property. */
export interface Point {
  readonly point: string
  readonly resource: string
  /** The path in the resource, separated by dots: `Properties.Runtime`, `DependsOn`. */
  readonly property: string
  /** Undefined if the property must not exist. */
  readonly is: unknown
}

/** Returns the value at a point. */
export const found = ({ template }: Packaged, { resource, property }: Point): unknown =>
  property
    .split('.')
    .reduce<unknown>(
      (value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
      template.Resources[resource],
    )

/** Returns the points that a stack does not meet. */
export const missed = (packaged: Packaged, points: readonly Point[]): readonly string[] =>
  points.filter((point) => !isDeepStrictEqual(found(packaged, point), point.is)).map(({ point }) => point)

const account = '123456789012'
const id = '12345678-1234-1234-1234-123456789012'

const theFunction = (alias: readonly string[]): readonly Point[] => {
  const row = (point: string, property: string, is: unknown): Point => ({
    point,
    resource: 'MutateLambdaFunction',
    property: `Properties.${property}`,
    is,
  })
  const integration = {
    IntegrationHttpMethod: 'POST',
    Type: 'AWS_PROXY',
    Uri: {
      'Fn::Join': [
        '',
        [
          'arn:',
          { Ref: 'AWS::Partition' },
          ':apigateway:',
          { Ref: 'AWS::Region' },
          ':lambda:path/2015-03-31/functions/',
          { 'Fn::GetAtt': ['MutateLambdaFunction', 'Arn'] },
          ...alias.flatMap((name) => [':', name]),
          '/invocations',
        ],
      ],
    },
  }
  const route = 'ApiGatewayMethodClusterVarTokenVar'
  const methods = [
    ['pods are posted to the function', `${route}MutateDashDashv1DashpodPost`],
    ['health checks are asked of the function', `${route}HealthzGet`],
    ['health checks by HEAD, too', `${route}HealthzHead`],
  ] as const
  return [
    row('Node 24', 'Runtime', 'nodejs24.x'),
    row('arm64', 'Architectures', ['arm64']),
    row('512 MB', 'MemorySize', 512),
    row('time-out of 8 s', 'Timeout', 8),
    row('the bundle', 'Handler', 'dist/mutate.handler'),
    row("the function's name", 'FunctionName', 'flyte-webhook-dev'),
    row('what the function is for', 'Description', "Gives Flyte's task pods their secrets"),
    row('digests of tokens', 'Environment', {
      Variables: { CALLER_TOKEN_SHA256: `production=${'0'.repeat(64)}` },
    }),
    row('a role of its own', 'Role', { 'Fn::GetAtt': ['MutateRole', 'Arn'] }),
    { point: 'no role of osls', resource: 'IamRoleLambdaExecution', property: 'Type', is: undefined },
    ...methods.map(([point, resource]) => ({
      point,
      resource,
      property: 'Properties.Integration',
      is: integration,
    })),
    {
      point: 'API Gateway can call the function of the methods',
      resource: 'MutateLambdaPermissionApiGateway',
      property: 'Properties.FunctionName',
      is: alias.reduce<unknown>((arn, name) => ({ 'Fn::Join': [':', [arn, name]] }), {
        'Fn::GetAtt': ['MutateLambdaFunction', 'Arn'],
      }),
    },
    {
      point: 'only API Gateway can call',
      resource: 'MutateLambdaPermissionApiGateway',
      property: 'Properties.Principal',
      is: 'apigateway.amazonaws.com',
    },
    {
      point: 'the route of pods',
      resource: 'ApiGatewayResourceClusterVarTokenVarMutateDashDashv1Dashpod',
      property: 'Properties.PathPart',
      is: 'mutate--v1-pod',
    },
    {
      point: 'the API has the name of the function',
      resource: 'ApiGatewayRestApi',
      property: 'Properties.Name',
      is: 'flyte-webhook-dev',
    },
  ]
}

const writeLog = {
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: [{ 'Fn::GetAtt': ['MutateLogGroup', 'Arn'] }],
}

const role = (statements: readonly unknown[] = [], more: object = {}): Point => ({
  point: 'the role can write its own log, and do what the configuration needs',
  resource: 'MutateRole',
  property: 'Properties',
  is: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    },
    Policies: [
      {
        PolicyName: 'function',
        PolicyDocument: { Version: '2012-10-17', Statement: [writeLog, ...statements] },
      },
    ],
    ...more,
  },
})

const theStage = (days: number, rate: number, burst: number, ofLogs: object = {}): readonly Point[] => [
  {
    point: "the function's log group has a retention",
    resource: 'MutateLogGroup',
    property: 'Properties',
    is: { LogGroupName: '/aws/lambda/flyte-webhook-dev', RetentionInDays: days, ...ofLogs },
  },
  {
    point: 'the access log group has a retention',
    resource: 'AccessLogGroup',
    property: 'Properties',
    is: { LogGroupName: '/aws/apigateway/flyte-webhook-dev', RetentionInDays: days, ...ofLogs },
  },
  { point: 'the stage', resource: 'ApiGatewayStage', property: 'Properties.StageName', is: 'dev' },
  {
    point: "the stage is the API's",
    resource: 'ApiGatewayStage',
    property: 'Properties.RestApiId',
    is: { Ref: 'ApiGatewayRestApi' },
  },
  {
    point: 'no X-Ray on the stage',
    resource: 'ApiGatewayStage',
    property: 'Properties.TracingEnabled',
    is: false,
  },
  {
    point: 'access log without path and query',
    resource: 'ApiGatewayStage',
    property: 'Properties.AccessLogSetting',
    is: {
      DestinationArn: { 'Fn::GetAtt': ['AccessLogGroup', 'Arn'] },
      Format: JSON.stringify({
        requestId: '$context.requestId',
        requestTime: '$context.requestTime',
        httpMethod: '$context.httpMethod',
        resourceId: '$context.resourceId',
        status: '$context.status',
        errorType: '$context.error.responseType',
        integrationStatus: '$context.integrationStatus',
        responseLatencyMs: '$context.responseLatency',
        integrationLatencyMs: '$context.integrationLatency',
        sourceIp: '$context.identity.sourceIp',
      }),
    },
  },
  {
    point: 'execution log and data trace off, and a throttle, for all methods',
    resource: 'ApiGatewayStage',
    property: 'Properties.MethodSettings',
    is: [
      {
        HttpMethod: '*',
        ResourcePath: '/*',
        LoggingLevel: 'OFF',
        DataTraceEnabled: false,
        ThrottlingRateLimit: rate,
        ThrottlingBurstLimit: burst,
      },
    ],
  },
]

const status = (code: number, reason: string, message: string) => ({
  StatusCode: String(code),
  ResponseTemplates: {
    'application/json': JSON.stringify({
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      message,
      reason,
      code,
    }),
  },
})

const notFound = status(404, 'NotFound', 'the server could not find the requested resource')
const noAnswer = 'flyte-webhook: the function did not answer: try again'

const gatewayResponses: readonly Point[] = (
  [
    [
      'ACCESS_DENIED',
      'AccessDenied',
      status(
        403,
        'Forbidden',
        'flyte-webhook: the resource policy of its API does not allow calls from this network',
      ),
    ],
    [
      'WAF_FILTERED',
      'WafFiltered',
      status(403, 'Forbidden', 'flyte-webhook: the web ACL of its API refused the call'),
    ],
    [
      'THROTTLED',
      'Throttled',
      {
        ...status(429, 'TooManyRequests', 'flyte-webhook: too many calls at once: try again'),
        ResponseParameters: { 'gatewayresponse.header.Retry-After': "'1'" },
      },
    ],
    ['INTEGRATION_TIMEOUT', 'IntegrationTimeout', status(504, 'Timeout', noAnswer)],
    ['INTEGRATION_FAILURE', 'IntegrationFailure', status(503, 'ServiceUnavailable', noAnswer)],
    ['MISSING_AUTHENTICATION_TOKEN', 'MissingAuthenticationToken', notFound],
    ['RESOURCE_NOT_FOUND', 'ResourceNotFound', notFound],
    [
      'DEFAULT_4XX',
      'Default4xx',
      status(400, 'BadRequest', 'flyte-webhook: API Gateway refused the call: its access log says why'),
    ],
    [
      'DEFAULT_5XX',
      'Default5xx',
      status(500, 'InternalError', 'flyte-webhook: API Gateway failed: its access log says why'),
    ],
  ] as const
).map(([type, name, answer]) => ({
  point: `${type} is a Status`,
  resource: `GatewayResponse${name}`,
  property: 'Properties',
  is: { RestApiId: { Ref: 'ApiGatewayRestApi' }, ResponseType: type, ...answer },
}))

const ofFunction = [{ Name: 'FunctionName', Value: 'flyte-webhook-dev' }]
const ofStage = [
  { Name: 'ApiName', Value: 'flyte-webhook-dev' },
  { Name: 'Stage', Value: 'dev' },
]
const own = [{ Name: 'function', Value: 'flyte-webhook-dev' }]
const sum = { Statistic: 'Sum' }

const alarm = (name: string, watches: object, threshold: number, more: object = {}): Point => ({
  point: `alarm ${name}`,
  resource: `${name}Alarm`,
  property: 'Properties',
  is: {
    AlarmName: `flyte-webhook-dev-${name}`,
    AlarmDescription: descriptions[name],
    ...watches,
    Period: 300,
    EvaluationPeriods: 1,
    Threshold: threshold,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
    ...more,
  },
})

const descriptions: Readonly<Record<string, string>> = {
  Errors: 'The function crashed or ran out of time',
  ServerErrors: 'Calls were answered with a 5xx status: pods were not created',
  ClientErrors:
    'Many calls were refused with a 4xx status, most of them before the function: by the resource policy, a web ACL or the throttle',
  Throttles: 'Lambda throttled a call: check the concurrency of the function and of the account',
  Latency: "The slowest 1% of calls took more than half of the function's time-out of 8 seconds",
  Denials: 'Many pods were denied: the log says which secrets they asked for, and why they did not get them',
  RefusedCallers:
    'Somebody called with an invalid path or token: a cluster whose token was removed, or a stranger',
  SecretAge: 'Secrets Manager does not answer: the function serves values past their time to live',
}

const alarms = (more: object = {}): readonly Point[] => [
  alarm('Errors', { Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions: ofFunction, ...sum }, 1, more),
  alarm(
    'Throttles',
    { Namespace: 'AWS/Lambda', MetricName: 'Throttles', Dimensions: ofFunction, ...sum },
    1,
    more,
  ),
  alarm(
    'Latency',
    { Namespace: 'AWS/Lambda', MetricName: 'Duration', Dimensions: ofFunction, ExtendedStatistic: 'p99' },
    4000,
    more,
  ),
  alarm(
    'ServerErrors',
    { Namespace: 'AWS/ApiGateway', MetricName: '5XXError', Dimensions: ofStage, ...sum },
    1,
    more,
  ),
  alarm(
    'ClientErrors',
    { Namespace: 'AWS/ApiGateway', MetricName: '4XXError', Dimensions: ofStage, ...sum },
    25,
    more,
  ),
  alarm('Denials', { Namespace: 'flyte-webhook', MetricName: 'Denials', Dimensions: own, ...sum }, 10, more),
  alarm(
    'RefusedCallers',
    { Namespace: 'flyte-webhook', MetricName: 'RefusedCallers', Dimensions: own, ...sum },
    1,
    more,
  ),
]

/** The points of every variant that chooses only its exposure. */
const plain: readonly Point[] = [
  {
    point: 'the bucket of packages is not public',
    resource: 'ServerlessDeploymentBucket',
    property: 'Properties.PublicAccessBlockConfiguration',
    is: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
  },
  ...theFunction([]),
  role(),
  ...theStage(30, 500, 1000),
  ...gatewayResponses,
  ...alarms(),
  {
    point: 'no reserved concurrency',
    resource: 'MutateLambdaFunction',
    property: 'Properties.ReservedConcurrentExecutions',
    is: undefined,
  },
  {
    point: 'no provisioned concurrency',
    resource: 'MutateProvConcLambdaAlias',
    property: 'Type',
    is: undefined,
  },
  {
    point: 'no X-Ray',
    resource: 'MutateLambdaFunction',
    property: 'Properties.TracingConfig',
    is: undefined,
  },
  {
    point: 'no VPC',
    resource: 'MutateLambdaFunction',
    property: 'Properties.VpcConfig',
    is: undefined,
  },
  { point: 'no web ACL', resource: 'WebAclAssociation', property: 'Type', is: undefined },
  {
    point: 'no alarm for secrets that nobody reads',
    resource: 'SecretAgeAlarm',
    property: 'Type',
    is: undefined,
  },
]

const endpoint = (is: object): Point => ({
  point: 'a REST API of the requested kind',
  resource: 'ApiGatewayRestApi',
  property: 'Properties.EndpointConfiguration',
  is,
})

const policy = (point: string, is: unknown): Point => ({
  point,
  resource: 'ApiGatewayRestApi',
  property: 'Properties.Policy',
  is,
})

const invoke = { Principal: '*', Action: ['execute-api:Invoke'], Resource: 'execute-api:/*' }

const allBut = (Condition: unknown) => ({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', ...invoke },
    { Effect: 'Deny', ...invoke, Condition },
  ],
})

const forEverybody = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...invoke }] }

const withDomain = (more: object = {}): readonly Point[] => [
  {
    point: 'the domain',
    resource: 'Domain',
    property: 'Properties',
    is: {
      DomainName: 'flyte-webhook.example.com',
      RegionalCertificateArn: `arn:aws:acm:us-east-1:${account}:certificate/${id}`,
      EndpointConfiguration: { Types: ['REGIONAL'] },
      SecurityPolicy: 'TLS_1_2',
      ...more,
    },
  },
  {
    point: 'the domain is mapped at its root',
    resource: 'DomainMapping',
    property: 'Properties',
    is: { DomainName: { Ref: 'Domain' }, RestApiId: { Ref: 'ApiGatewayRestApi' }, Stage: 'dev' },
  },
  {
    point: 'the mapping waits for the stage',
    resource: 'DomainMapping',
    property: 'DependsOn',
    is: ['ApiGatewayStage'],
  },
]

const noDomain: Point = { point: 'no domain', resource: 'Domain', property: 'Type', is: undefined }

const secretArn = (secret: string) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:${secret}`,
})

const topic = `arn:aws:sns:us-east-1:${account}:on-call`

const tags = {
  Tags: [
    { Key: 'cost-center', Value: '42' },
    { Key: 'owner', Value: 'platform' },
  ],
}

const told = { AlarmActions: [topic], OKActions: [topic], ...tags }

const interfaceActions = ['Create', 'Delete'].map((verb) => `ec2:${verb}NetworkInterface`)
const addressActions = ['Assign', 'Unassign'].map((verb) => `ec2:${verb}PrivateIpAddresses`)
const attach = [...interfaceActions, ...addressActions]
const describeVpc = ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets']

/** The points of each variant. */
export const points = {
  minimal: [
    ...plain,
    noDomain,
    endpoint({ Types: ['REGIONAL'] }),
    policy('open to the Internet', forEverybody),
  ],
  regional: [
    ...plain,
    noDomain,
    endpoint({ Types: ['REGIONAL'] }),
    policy(
      'only from the named networks',
      allBut({ NotIpAddress: { 'aws:SourceIp': ['203.0.113.10/32', '198.51.100.0/24'] } }),
    ),
  ],
  private: [
    ...plain,
    noDomain,
    endpoint({ Types: ['PRIVATE'], VpcEndpointIds: ['vpce-0123456789abcdef0', 'vpce-0fedcba9876543210'] }),
    policy(
      'only through the named VPC endpoints',
      allBut({ StringNotEquals: { 'aws:SourceVpce': ['vpce-0123456789abcdef0', 'vpce-0fedcba9876543210'] } }),
    ),
  ],
  domain: [
    ...plain,
    ...withDomain(),
    endpoint({ Types: ['REGIONAL'] }),
    policy('open to the Internet', forEverybody),
  ],
  full: [
    ...theFunction(['provisioned']),
    ...theStage(90, 50, 100, {
      KmsKeyId: `arn:aws:kms:us-east-1:${account}:key/${id}`,
      ...tags,
    }),
    ...gatewayResponses,
    ...alarms(told),
    ...withDomain(tags),
    endpoint({ Types: ['REGIONAL'] }),
    policy('only from the named network', allBut({ NotIpAddress: { 'aws:SourceIp': ['203.0.113.10/32'] } })),
    {
      point: 'reserved concurrency',
      resource: 'MutateLambdaFunction',
      property: 'Properties.ReservedConcurrentExecutions',
      is: 20,
    },
    {
      point: 'provisioned concurrency',
      resource: 'MutateProvConcLambdaAlias',
      property: 'Properties.ProvisionedConcurrencyConfig',
      is: { ProvisionedConcurrentExecutions: 2 },
    },
    {
      point: 'X-Ray on the function',
      resource: 'MutateLambdaFunction',
      property: 'Properties.TracingConfig',
      is: { Mode: 'Active' },
    },
    {
      point: 'a VPC for the function',
      resource: 'MutateLambdaFunction',
      property: 'Properties.VpcConfig',
      is: {
        SubnetIds: ['subnet-0123456789abcdef0', 'subnet-0fedcba9876543210'],
        SecurityGroupIds: ['sg-0123456789abcdef0'],
      },
    },
    {
      point: "the operator's bucket holds the code",
      resource: 'MutateLambdaFunction',
      property: 'Properties.Code.S3Bucket',
      is: 'platform-artifacts',
    },
    {
      point: 'no bucket of the stack',
      resource: 'ServerlessDeploymentBucket',
      property: 'Type',
      is: undefined,
    },
    {
      point: 'the web ACL protects the stage',
      resource: 'WebAclAssociation',
      property: 'Properties',
      is: {
        WebACLArn: `arn:aws:wafv2:us-east-1:${account}:regional/webacl/flyte/${id}`,
        ResourceArn: {
          'Fn::Sub':
            'arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${ApiGatewayRestApi}/stages/dev',
        },
      },
    },
    {
      point: 'the web ACL waits for the stage',
      resource: 'WebAclAssociation',
      property: 'DependsOn',
      is: ['ApiGatewayStage'],
    },
    alarm(
      'SecretAge',
      { Namespace: 'flyte-webhook', MetricName: 'OldestSecretAge', Dimensions: own, Statistic: 'Maximum' },
      120,
      told,
    ),
    role(
      [
        {
          Effect: 'Allow',
          Action: ['secretsmanager:GetSecretValue'],
          Resource: [
            secretArn('prod/warehouse-??????'),
            `arn:aws:secretsmanager:eu-west-1:${account}:secret:other-AbCdEf`,
            `arn:aws:secretsmanager:eu-west-1:${account}:secret:other-AbCdEf-??????`,
            secretArn('u__org__*'),
          ],
        },
        {
          Effect: 'Allow',
          Action: ['kms:Decrypt'],
          Resource: [`arn:aws:kms:us-east-1:${account}:key/${id}`],
          Condition: {
            StringLike: { 'kms:ViaService': { 'Fn::Sub': 'secretsmanager.*.${AWS::URLSuffix}' } },
          },
        },
        { Effect: 'Allow', Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: ['*'] },
        {
          Effect: 'Allow',
          Action: attach,
          Resource: [{ 'Fn::Sub': 'arn:${AWS::Partition}:ec2:${AWS::Region}:*:*/*' }],
        },
        { Effect: 'Allow', Action: describeVpc, Resource: ['*'] },
        {
          Effect: 'Deny',
          Action: [...attach, ...describeVpc],
          Resource: ['*'],
          Condition: {
            ArnEquals: {
              'lambda:SourceFunctionArn': {
                'Fn::Sub':
                  'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:flyte-webhook-dev',
              },
            },
          },
        },
      ],
      { PermissionsBoundary: `arn:aws:iam::${account}:policy/platform-boundary`, ...tags },
    ),
  ],
} as const satisfies Record<string, readonly Point[]>
