import { isDeepStrictEqual } from 'node:util'
import type { Packaged } from './workspace.ts'

/** One thing that a packaged stack has to be: what a property of a resource is. */
export interface Point {
  readonly point: string
  readonly resource: string
  /** Below `Properties`, steps separated by dots; nothing for all of them. */
  readonly property: string
  /** Undefined where the property must not be there. */
  readonly is: unknown
}

/** What stands at a point. */
export const found = ({ template }: Packaged, { resource, property }: Point): unknown =>
  property
    .split('.')
    .filter((step) => step !== '')
    .reduce<unknown>(
      (value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
      template.Resources[resource]?.Properties,
    )

/** The points that a stack misses. */
export const missed = (packaged: Packaged, points: readonly Point[]): readonly string[] =>
  points.filter((point) => !isDeepStrictEqual(found(packaged, point), point.is)).map(({ point }) => point)

const status = (code: number, reason: string, message: string): string =>
  JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code })

const notFound = status(404, 'NotFound', 'the server could not find the requested resource')

const gatewayResponses = [
  [
    'ACCESS_DENIED',
    'AccessDenied',
    403,
    'Forbidden',
    'flyte-webhook: the resource policy of its API does not let this network call',
  ],
  ['WAF_FILTERED', 'WafFiltered', 403, 'Forbidden', 'flyte-webhook: the web ACL of its API refused the call'],
  ['THROTTLED', 'Throttled', 429, 'TooManyRequests', 'flyte-webhook: too many calls at once: try again'],
  [
    'INTEGRATION_TIMEOUT',
    'IntegrationTimeout',
    504,
    'Timeout',
    'flyte-webhook: the function did not answer: try again',
  ],
  [
    'INTEGRATION_FAILURE',
    'IntegrationFailure',
    503,
    'ServiceUnavailable',
    'flyte-webhook: the function did not answer: try again',
  ],
  ['DEFAULT_4XX', 'Default4xx', 400, 'BadRequest', 'flyte-webhook: API Gateway refused the call'],
  [
    'DEFAULT_5XX',
    'Default5xx',
    500,
    'InternalError',
    'flyte-webhook: API Gateway failed: its access log says why',
  ],
] as const

const ownLog = {
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: [{ 'Fn::GetAtt': ['MutateLogGroup', 'Arn'] }],
}

/** Of every variant. */
const always: readonly Point[] = [
  { point: 'Node 24', resource: 'MutateLambdaFunction', property: 'Runtime', is: 'nodejs24.x' },
  { point: 'arm64', resource: 'MutateLambdaFunction', property: 'Architectures', is: ['arm64'] },
  { point: '512 MB', resource: 'MutateLambdaFunction', property: 'MemorySize', is: 512 },
  { point: 'time-out of 8 s', resource: 'MutateLambdaFunction', property: 'Timeout', is: 8 },
  { point: 'the bundle', resource: 'MutateLambdaFunction', property: 'Handler', is: 'dist/mutate.handler' },
  {
    point: "the function's name",
    resource: 'MutateLambdaFunction',
    property: 'FunctionName',
    is: 'flyte-webhook-dev',
  },
  {
    point: 'what the function is for',
    resource: 'MutateLambdaFunction',
    property: 'Description',
    is: "Gives Flyte's task pods their secrets",
  },
  {
    point: 'digests of tokens',
    resource: 'MutateLambdaFunction',
    property: 'Environment.Variables',
    is: { CALLER_TOKEN_SHA256: `production=${'0'.repeat(64)}` },
  },
  {
    point: 'a role of its own',
    resource: 'MutateLambdaFunction',
    property: 'Role',
    is: { 'Fn::GetAtt': ['MutateRole', 'Arn'] },
  },
  { point: 'no role of osls', resource: 'IamRoleLambdaExecution', property: '', is: undefined },
  {
    point: 'the role writes its own log',
    resource: 'MutateRole',
    property: 'Policies.0.PolicyDocument.Statement.0',
    is: ownLog,
  },
  {
    point: 'the role is Lambda’s',
    resource: 'MutateRole',
    property: 'AssumeRolePolicyDocument.Statement.0.Principal',
    is: { Service: 'lambda.amazonaws.com' },
  },
  {
    point: 'one route for pods',
    resource: 'ApiGatewayResourceClusterVarTokenVarMutateDashDashv1Dashpod',
    property: 'PathPart',
    is: 'mutate--v1-pod',
  },
  {
    point: 'posted pods',
    resource: 'ApiGatewayMethodClusterVarTokenVarMutateDashDashv1DashpodPost',
    property: 'Integration.Type',
    is: 'AWS_PROXY',
  },
  {
    point: 'health check',
    resource: 'ApiGatewayMethodClusterVarTokenVarHealthzGet',
    property: 'HttpMethod',
    is: 'GET',
  },
  {
    point: 'health check by HEAD',
    resource: 'ApiGatewayMethodClusterVarTokenVarHealthzHead',
    property: 'HttpMethod',
    is: 'HEAD',
  },
  {
    point: 'the API is named as the function',
    resource: 'ApiGatewayRestApi',
    property: 'Name',
    is: 'flyte-webhook-dev',
  },
  {
    point: 'access log without path and query',
    resource: 'ApiGatewayStage',
    property: 'AccessLogSetting',
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
    point: 'execution log off',
    resource: 'ApiGatewayStage',
    property: 'MethodSettings.0.LoggingLevel',
    is: 'OFF',
  },
  {
    point: 'no bodies in a log',
    resource: 'ApiGatewayStage',
    property: 'MethodSettings.0.DataTraceEnabled',
    is: false,
  },
  {
    point: 'settings of all methods',
    resource: 'ApiGatewayStage',
    property: 'MethodSettings.0.ResourcePath',
    is: '/*',
  },
  { point: 'no X-Ray on the stage', resource: 'ApiGatewayStage', property: 'TracingEnabled', is: false },
  { point: 'the stage', resource: 'ApiGatewayStage', property: 'StageName', is: 'dev' },
  {
    point: 'bucket of packages is not public',
    resource: 'ServerlessDeploymentBucket',
    property: 'PublicAccessBlockConfiguration.BlockPublicPolicy',
    is: true,
  },
  ...gatewayResponses.flatMap(([type, id, code, reason, message]) => [
    {
      point: `${type} is a Status`,
      resource: `GatewayResponse${id}`,
      property: 'ResponseTemplates',
      is: { 'application/json': status(code, reason, message) },
    },
    {
      point: `${type} has its status`,
      resource: `GatewayResponse${id}`,
      property: 'StatusCode',
      is: String(code),
    },
    { point: `${type} is of its type`, resource: `GatewayResponse${id}`, property: 'ResponseType', is: type },
  ]),
  ...['MissingAuthenticationToken', 'ResourceNotFound'].flatMap((id) => [
    {
      point: `${id} is the function's own 404`,
      resource: `GatewayResponse${id}`,
      property: 'ResponseTemplates',
      is: { 'application/json': notFound },
    },
    { point: `${id} is a 404`, resource: `GatewayResponse${id}`, property: 'StatusCode', is: '404' },
  ]),
  {
    point: '429 is repeated after a second',
    resource: 'GatewayResponseThrottled',
    property: 'ResponseParameters',
    is: { 'gatewayresponse.header.Retry-After': "'1'" },
  },
  ...[
    'AccessDenied',
    'WafFiltered',
    'IntegrationTimeout',
    'IntegrationFailure',
    'Default4xx',
    'Default5xx',
  ].map((id) => ({
    point: `nothing else is repeated: ${id}`,
    resource: `GatewayResponse${id}`,
    property: 'ResponseParameters',
    is: undefined,
  })),
  ...[
    ['Errors', 'AWS/Lambda', 'Errors', 'Statistic', 'Sum', 1],
    ['Throttles', 'AWS/Lambda', 'Throttles', 'Statistic', 'Sum', 1],
    ['Latency', 'AWS/Lambda', 'Duration', 'ExtendedStatistic', 'p99', 4000],
    ['ServerErrors', 'AWS/ApiGateway', '5XXError', 'Statistic', 'Sum', 1],
    ['Denials', 'flyte-webhook', 'Denials', 'Statistic', 'Sum', 10],
    ['RefusedCallers', 'flyte-webhook', 'RefusedCallers', 'Statistic', 'Sum', 1],
  ].flatMap(([id, namespace, metric, statisticKind, statistic, threshold]) => [
    { point: `alarm ${id}: metric`, resource: `${id}Alarm`, property: 'MetricName', is: metric },
    { point: `alarm ${id}: namespace`, resource: `${id}Alarm`, property: 'Namespace', is: namespace },
    {
      point: `alarm ${id}: statistic`,
      resource: `${id}Alarm`,
      property: String(statisticKind),
      is: statistic,
    },
    { point: `alarm ${id}: threshold`, resource: `${id}Alarm`, property: 'Threshold', is: threshold },
    {
      point: `alarm ${id}: name`,
      resource: `${id}Alarm`,
      property: 'AlarmName',
      is: `flyte-webhook-dev-${id}`,
    },
    {
      point: `alarm ${id}: no news is good news`,
      resource: `${id}Alarm`,
      property: 'TreatMissingData',
      is: 'notBreaching',
    },
  ]),
  {
    point: 'alarms are of this function',
    resource: 'DenialsAlarm',
    property: 'Dimensions',
    is: [{ Name: 'function', Value: 'flyte-webhook-dev' }],
  },
  {
    point: 'alarms are of this stage',
    resource: 'ServerErrorsAlarm',
    property: 'Dimensions',
    is: [
      { Name: 'ApiName', Value: 'flyte-webhook-dev' },
      { Name: 'Stage', Value: 'dev' },
    ],
  },
  { point: 'a dashboard', resource: 'Dashboard', property: 'DashboardName', is: 'flyte-webhook-dev' },
]

const open: readonly Point[] = [
  {
    point: 'REST API, regional',
    resource: 'ApiGatewayRestApi',
    property: 'EndpointConfiguration',
    is: { Types: ['REGIONAL'] },
  },
]

const defaults: readonly Point[] = [
  { point: 'logs are kept for 30 days', resource: 'MutateLogGroup', property: 'RetentionInDays', is: 30 },
  {
    point: 'access logs are kept for 30 days',
    resource: 'AccessLogGroup',
    property: 'RetentionInDays',
    is: 30,
  },
  {
    point: '500 calls a second',
    resource: 'ApiGatewayStage',
    property: 'MethodSettings.0.ThrottlingRateLimit',
    is: 500,
  },
  {
    point: '1000 calls at once',
    resource: 'ApiGatewayStage',
    property: 'MethodSettings.0.ThrottlingBurstLimit',
    is: 1000,
  },
  {
    point: 'no reserved concurrency',
    resource: 'MutateLambdaFunction',
    property: 'ReservedConcurrentExecutions',
    is: undefined,
  },
  { point: 'no provisioned concurrency', resource: 'MutateProvConcLambdaAlias', property: '', is: undefined },
  { point: 'no X-Ray', resource: 'MutateLambdaFunction', property: 'TracingConfig', is: undefined },
  { point: 'no web ACL', resource: 'WebAclAssociation', property: '', is: undefined },
  { point: 'no topic', resource: 'ErrorsAlarm', property: 'AlarmActions', is: undefined },
  {
    point: 'reads no secret',
    resource: 'MutateRole',
    property: 'Policies.0.PolicyDocument.Statement.1',
    is: undefined,
  },
  {
    point: 'no alarm for secrets that nobody reads',
    resource: 'SecretAgeAlarm',
    property: '',
    is: undefined,
  },
]

const withDomain: readonly Point[] = [
  {
    point: 'custom domain',
    resource: 'Domain',
    property: '',
    is: {
      DomainName: 'flyte-webhook.example.com',
      RegionalCertificateArn:
        'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012',
      EndpointConfiguration: { Types: ['REGIONAL'] },
      SecurityPolicy: 'TLS_1_2',
    },
  },
  {
    point: 'the domain is mapped at its root',
    resource: 'DomainMapping',
    property: '',
    is: { DomainName: { Ref: 'Domain' }, RestApiId: { Ref: 'ApiGatewayRestApi' }, Stage: 'dev' },
  },
]

const allow = { Effect: 'Allow', Principal: '*', Action: ['execute-api:Invoke'], Resource: 'execute-api:/*' }
const denyOthers = (Condition: unknown) => ({ ...allow, Effect: 'Deny', Condition })
const policy = (Condition: unknown) => ({ Version: '2012-10-17', Statement: [allow, denyOthers(Condition)] })

const statement = (index: number): Pick<Point, 'resource' | 'property'> => ({
  resource: 'MutateRole',
  property: `Policies.0.PolicyDocument.Statement.${index}`,
})

/** Of each variant. */
export const points = {
  minimal: [
    ...always,
    ...open,
    ...defaults,
    { point: 'open to the Internet', resource: 'ApiGatewayRestApi', property: 'Policy', is: '' },
    { point: 'no domain', resource: 'Domain', property: '', is: undefined },
  ],
  regional: [
    ...always,
    ...open,
    ...defaults,
    {
      point: 'only from the named networks',
      resource: 'ApiGatewayRestApi',
      property: 'Policy',
      is: policy({ NotIpAddress: { 'aws:SourceIp': ['203.0.113.10/32', '198.51.100.0/24'] } }),
    },
  ],
  private: [
    ...always,
    ...defaults,
    {
      point: 'REST API, private',
      resource: 'ApiGatewayRestApi',
      property: 'EndpointConfiguration',
      is: { Types: ['PRIVATE'], VpcEndpointIds: ['vpce-0123456789abcdef0', 'vpce-0fedcba9876543210'] },
    },
    {
      point: 'only through the named VPC endpoints',
      resource: 'ApiGatewayRestApi',
      property: 'Policy',
      is: policy({
        StringNotEquals: { 'aws:SourceVpce': ['vpce-0123456789abcdef0', 'vpce-0fedcba9876543210'] },
      }),
    },
  ],
  domain: [...always, ...open, ...defaults, ...withDomain],
  full: [
    ...always,
    ...open,
    ...withDomain,
    {
      point: 'only from the named network',
      resource: 'ApiGatewayRestApi',
      property: 'Policy',
      is: policy({ NotIpAddress: { 'aws:SourceIp': ['203.0.113.10/32'] } }),
    },
    {
      point: 'logs are kept as long as asked',
      resource: 'MutateLogGroup',
      property: 'RetentionInDays',
      is: 90,
    },
    {
      point: 'access logs are kept as long as asked',
      resource: 'AccessLogGroup',
      property: 'RetentionInDays',
      is: 90,
    },
    {
      point: 'rate as asked',
      resource: 'ApiGatewayStage',
      property: 'MethodSettings.0.ThrottlingRateLimit',
      is: 50,
    },
    {
      point: 'burst as asked',
      resource: 'ApiGatewayStage',
      property: 'MethodSettings.0.ThrottlingBurstLimit',
      is: 100,
    },
    {
      point: 'reserved concurrency',
      resource: 'MutateLambdaFunction',
      property: 'ReservedConcurrentExecutions',
      is: 20,
    },
    {
      point: 'provisioned concurrency',
      resource: 'MutateProvConcLambdaAlias',
      property: 'ProvisionedConcurrencyConfig',
      is: { ProvisionedConcurrentExecutions: 2 },
    },
    {
      point: 'X-Ray on the function',
      resource: 'MutateLambdaFunction',
      property: 'TracingConfig',
      is: { Mode: 'Active' },
    },
    {
      point: 'web ACL',
      resource: 'WebAclAssociation',
      property: '',
      is: {
        WebACLArn:
          'arn:aws:wafv2:us-east-1:123456789012:regional/webacl/flyte/12345678-1234-1234-1234-123456789012',
        ResourceArn: {
          'Fn::Sub':
            'arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${ApiGatewayRestApi}/stages/dev',
        },
      },
    },
    {
      point: 'alarms tell the topic',
      resource: 'ErrorsAlarm',
      property: 'AlarmActions',
      is: ['arn:aws:sns:us-east-1:123456789012:on-call'],
    },
    {
      point: 'alarms tell their end',
      resource: 'ErrorsAlarm',
      property: 'OKActions',
      is: ['arn:aws:sns:us-east-1:123456789012:on-call'],
    },
    {
      point: 'alarm for old secrets',
      resource: 'SecretAgeAlarm',
      property: 'MetricName',
      is: 'OldestSecretAge',
    },
    { point: 'alarm for old secrets: threshold', resource: 'SecretAgeAlarm', property: 'Threshold', is: 120 },
    {
      point: 'reads the secrets that are named',
      ...statement(1),
      is: {
        Effect: 'Allow',
        Action: ['secretsmanager:GetSecretValue'],
        Resource: [
          {
            'Fn::Sub':
              'arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:prod/warehouse-??????',
          },
          'arn:aws:secretsmanager:eu-west-1:123456789012:secret:other-AbCdEf',
          'arn:aws:secretsmanager:eu-west-1:123456789012:secret:other-AbCdEf-??????',
          {
            'Fn::Sub':
              'arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:u__org__*',
          },
        ],
      },
    },
    {
      point: 'decrypts with the keys that are given',
      ...statement(2),
      is: {
        Effect: 'Allow',
        Action: ['kms:Decrypt'],
        Resource: ['arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012'],
        Condition: { StringLike: { 'kms:ViaService': 'secretsmanager.*.amazonaws.com' } },
      },
    },
    {
      point: 'writes traces',
      ...statement(3),
      is: { Effect: 'Allow', Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: ['*'] },
    },
    { point: 'and nothing else', ...statement(4), is: undefined },
  ],
} as const satisfies Record<string, readonly Point[]>
