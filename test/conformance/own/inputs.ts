import { annotationOf } from '../../support/annotation.ts'
import { type Json, withApiServerDefaults } from '../../support/pods.ts'
import { injectedByVault } from '../../support/vault-injector.ts'

/** A case as a person writes it, without the resulting pod. `made-files.ts` adds the pod if it is `allowed`. */
export interface Input {
  readonly name: string
  readonly about: string
  readonly profile: 'flyte1' | 'flyte2'
  readonly config: Json
  readonly secrets: readonly Json[]
  /** The pod without its requests. */
  readonly pod: Json
  /** Returns the pod of the case if it is a served pod that comes back. */
  readonly again?: (served: Json) => Json
  readonly expect: Json
}

type Profile = Input['profile']

/** A manager that makes variables with env files, and its requests. */
interface Maker {
  readonly name: 'aws' | 'gcp' | 'azure' | 'vault'
  readonly config: Json
  /** The keys of `function:` other than `envFiles`. */
  readonly own?: Json
  /** Two of its secrets, as requests name them. */
  readonly db: Json
  readonly api: Json
  /** The first secret's variable, without its prefix. */
  readonly variable: string
  /** This webhook's init container that writes the file. */
  readonly container?: string
}

const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret'
const uri = 'https://vault1.vault.azure.net/secrets'

const makers: readonly Maker[] = [
  {
    name: 'aws',
    config: { secretManagerTypes: ['AWS'] },
    own: { aws: { fetcher: 'cli' } },
    db: { group: arn, key: 'db' },
    api: { group: 'api', group_version: 'AWSPREVIOUS', key: 'token' },
    variable: `${arn.toUpperCase()}_DB`,
    container: 'aws-pull-secrets',
  },
  {
    name: 'gcp',
    config: { secretManagerTypes: ['GCP'] },
    db: { group: 'db', group_version: '3' },
    api: { group: 'projects/p/secrets/api', group_version: 'latest', key: 'token' },
    variable: 'DB',
    container: 'gcp-pull-secret-0',
  },
  {
    name: 'azure',
    config: { secretManagerTypes: ['Azure'] },
    db: { group: `${uri}/db`, key: 'password' },
    api: { group: `${uri}/Api-Token/`, group_version: '0123abcd' },
    variable: `${uri.toUpperCase()}/DB_PASSWORD`,
    container: 'azure-pull-secret-0',
  },
  {
    name: 'vault',
    config: { secretManagerTypes: ['Vault'] },
    db: { group: 'secret/data/db', key: 'password' },
    api: { group: 'kv/api', group_version: 'kv1', key: 'api-token' },
    variable: 'SECRET/DATA/DB_PASSWORD',
  },
]

const variable = (secret: Json, more: Json = {}): Json => ({
  ...secret,
  mount_requirement: 'ENV_VAR',
  ...more,
})
const file = (secret: Json): Json => ({ ...secret, mount_requirement: 'FILE' })

const main = { name: 'main', image: 'ghcr.io/flyteorg/flytekit:py3.12-1.16.8', args: ['pyflyte-execute'] }

const podOf = (spec: Json = {}, annotations: Json = {}): Json => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'f1a2b3c4d5-n0-0',
    namespace: 'flytesnacks-development',
    labels: { 'inject-flyte-secrets': 'true' },
    annotations,
  },
  spec: { restartPolicy: 'Never', containers: [main], ...spec },
})

const withContainers = {
  initContainers: [
    { name: 'prepare', image: 'busybox:1.36', command: ['true'], env: [{ name: 'A', value: '1' }] },
    { name: 'proxy', image: 'envoy:v1', restartPolicy: 'Always' },
  ],
  containers: [main, { name: 'logs', image: 'fluent/fluent-bit:3' }],
}

/** Adds requests to a pod as annotations. */
export const asking = (pod: Json, secrets: readonly Json[]): Json => ({
  ...pod,
  metadata: {
    ...pod.metadata,
    annotations: {
      ...Object.fromEntries(
        secrets.map((secret, index) => [`flyte.secrets/s${index}`, annotationOf(secret)]),
      ),
      ...pod.metadata.annotations,
    },
  },
})

/** Returns a served pod as an API server with later webhooks stores it. */
const stored = (served: Json): Json => withApiServerDefaults(injectedByVault(served))

/** Adds another webhook's init container before all others. */
const inFront = (pod: Json, more: Json): Json => {
  const container = { name: 'istio-init', image: 'istio/proxyv2:1', ...more }
  return { ...pod, spec: { ...pod.spec, initContainers: [container, ...(pod.spec.initContainers ?? [])] } }
}

const served = { allowed: true }
const refused = (...names: readonly string[]): Json => ({ allowed: false, code: 400, names })
const onlyFiles = 'it makes only files, but the request wants a variable'

const configOf = ({ config, own }: Maker, more: Json = { envFiles: true }): Json => ({
  webhook: config,
  ...(own === undefined && Object.keys(more).length === 0 ? {} : { function: { ...own, ...more } }),
})

/** Returns the cases that all these managers have in common. */
const ofMaker = (maker: Maker, profile: Profile): readonly Input[] => {
  const { name, db, api, container } = maker
  const first = `${profile === 'flyte1' ? '_FSEC_' : '_UNION_'}${maker.variable}`
  const one = (what: string, about: string, more: Partial<Input>): Input => ({
    name: `${name}-${what}`,
    about,
    profile,
    config: configOf(maker),
    secrets: [variable(db)],
    pod: podOf(),
    expect: served,
    ...more,
  })
  return [
    one('env-var', 'a variable from a file', {}),
    one('env-var-also', 'env_var is a second reference to the same file', {
      secrets: [variable(db, { env_var: 'PW' })],
    }),
    one('env-vars', 'several secrets, a file each', {
      secrets: [variable(db), variable(api, { env_var: 'TOKEN' })],
    }),
    one('env-var-twice', 'asked for twice, once with an env_var that is longer than the other variable', {
      secrets: [variable(db), variable(db, { env_var: `LONG_${'X'.repeat(80)}` })],
    }),
    one('file-and-env-var', 'files and variables in one pod', {
      secrets: [file(db), variable(db), variable(api)],
    }),
    one('env-var-any', 'ANY stays a file', { secrets: [{ ...db, mount_requirement: 'ANY' }] }),
    one('env-var-of-its-own', 'a container has a variable of this name', {
      secrets: [variable(db, { env_var: 'PW' })],
      pod: podOf({
        containers: [
          {
            ...main,
            env: [
              { name: 'HOME', value: '/root' },
              { name: 'PW', value: 'own' },
            ],
          },
          { name: 'logs', image: 'fluent/fluent-bit:3', env: [{ name: first, value: 'own' }] },
        ],
      }),
      expect: { ...served, warns: ['PW', profile === 'flyte1' ? 'keeps' : 'is replaced'] },
    }),
    one('env-var-init-containers', 'init containers, a native sidecar and a second container have it too', {
      pod: podOf(withContainers),
    }),
    one('env-var-pod-resources', 'no resources of its own in a pod that has some as a whole', {
      secrets: [variable(db), file(api)],
      pod: podOf({ resources: { limits: { cpu: '1', memory: '1Gi' } } }),
    }),
    one('env-var-two-contents', 'two secrets for one variable', {
      secrets: [variable(db, { env_var: 'PW' }), variable(api, { env_var: 'PW' })],
      expect: refused('flyte.secrets/s0', 'flyte.secrets/s1', 'variable PW', 'different contents'),
    }),
    one('env-var-windows', 'no Linux container fetches in a pod of Windows', {
      pod: podOf({ os: { name: 'windows' } }),
      expect: refused('it needs a Linux container'),
    }),
    one('env-var-again', 'it comes back as it was stored: nothing to do', {
      secrets: [variable(db, { env_var: 'PW' }), file(api), variable(api)],
      again: (before) => stored(before),
      expect: { ...served, unchanged: true },
    }),
    one('env-var-again-in-front', 'it comes back with an init container in front, which gets no reference', {
      again: (before) => inFront(stored(before), {}),
      expect: { ...served, warns: [first] },
    }),
    one('env-var-again-own-in-front', 'its own variable stays in what starts before the file', {
      again: (before) => inFront(stored(before), { env: [{ name: first, value: 'own' }] }),
      expect: { ...served, warns: [first] },
    }),
    one('env-var-again-never-starts', 'what starts before the file has the reference already', {
      again: (before) => {
        const back = stored(before)
        return inFront(back, { env: back.spec.containers[0].env })
      },
      expect: refused(first, 'istio-init', 'it could never start'),
    }),
    one('env-var-off', 'without function.envFiles it makes files only', {
      config: configOf(maker, {}),
      expect: refused('flyte.secrets/s0', onlyFiles),
    }),
    one('env-var-elsewhere', 'function.envFiles names other clusters', {
      config: configOf(maker, { envFiles: ['elsewhere', 'staging-*'] }),
      expect: refused('flyte.secrets/s0', onlyFiles),
    }),
    one('env-var-listed', 'function.envFiles names the cluster', {
      config: configOf(maker, { envFiles: ['elsewhere', 'local', 'w*'] }),
    }),
    ...(container === undefined
      ? []
      : [
          one('env-var-foreign-container', 'the pod has another container of the name', {
            pod: podOf({ initContainers: [{ name: container, image: 'busybox:1.36', command: ['true'] }] }),
            expect: refused(container, 'the pod has another container of this name'),
          }),
        ]),
  ]
}

/** Returns the cases that only some of them have. */
const special = (profile: Profile): readonly Input[] => {
  const [aws, gcp, azure, vault] = makers as readonly [Maker, Maker, Maker, Maker]
  const prefix = profile === 'flyte1' ? '_FSEC_' : '_UNION_'
  const of = (maker: Maker, what: string, about: string, more: Partial<Input>): Input => ({
    name: `${maker.name}-${what}`,
    about,
    profile,
    config: configOf(maker),
    secrets: [variable(maker.db)],
    pod: podOf(),
    expect: served,
    ...more,
  })
  const newest = configOf(gcp, { envFiles: true, gcp: { defaultVersion: 'latest' } })
  const annotation = (name: string, value: string): Json => ({ [`vault.hashicorp.com/${name}`]: value })
  return [
    of(aws, 'env-var-no-group', 'without a group the key is the id', {
      secrets: [variable({ key: 'my-secret' }, { env_var: 'MY_SECRET' })],
    }),
    of(aws, 'env-var-no-group-json-key', 'without a group, one key of a JSON object', {
      secrets: [variable({ key: 'my-secret#password' })],
    }),
    of(aws, 'env-var-version-id', 'group_version is the id of a version, and the group a whole ARN', {
      secrets: [
        variable({
          group: `${arn}:db-AbCdEf`,
          group_version: '0f3a0f3a-0f3a-0f3a-0f3a-0f3a0f3a0f3a',
          key: 'password',
        }),
      ],
    }),
    of(aws, 'env-var-no-key', 'without a key there is no secret', {
      secrets: [variable({ group: 'db' })],
      expect: refused('it needs a key'),
    }),
    of(aws, 'env-var-sidecar', 'the sidecar makes files only, whatever function.envFiles says', {
      config: { webhook: aws.config, function: { envFiles: true } },
      expect: refused(onlyFiles),
    }),
    of(gcp, 'env-var-default-version', 'a request that names no version has the default one', {
      config: newest,
      secrets: [variable({ group: 'db', key: 'password' }), file({ group: 'db', key: 'password' })],
    }),
    of(gcp, 'env-var-default-version-named', 'a request that names its version has that', {
      config: newest,
      secrets: [variable({ group: 'db', group_version: '3' })],
    }),
    of(gcp, 'env-var-no-group', 'without a group the key is the name', {
      config: newest,
      secrets: [variable({ key: 'my-secret' }, { env_var: 'MY_SECRET' })],
    }),
    of(gcp, 'env-var-no-version', 'without a default version a request has to name one', {
      secrets: [variable({ group: 'db', key: 'password' })],
      expect: refused('it needs a group and a group_version'),
    }),
    of(gcp, 'env-var-quoting', 'what a shell and a kubelet would expand stays as it is', {
      secrets: [variable({ group: `it's $(HOME) "$X" \`id\``, group_version: '1' })],
    }),
    of(azure, 'env-var-quoting', 'what a shell and a kubelet would expand stays as it is', {
      secrets: [variable({ group: `${uri}/it's $(HOME) "$X" \`id\` \\` })],
    }),
    of(azure, 'env-var-no-group', 'it needs a group', {
      secrets: [variable({ key: 'my-secret' })],
      expect: refused('it needs a group'),
    }),
    of(vault, 'env-var-db', 'the database engine has no single key', {
      secrets: [variable({ group: 'database/creds/app', group_version: 'db', key: 'creds' })],
      expect: refused('the database engine returns no single value'),
    }),
    of(vault, 'env-var-odd-key', 'a key that is no identifier', {
      secrets: [variable({ group: 'secret/data/"app"', key: 'a "key" \\ {{ $(X)' })],
    }),
    of(vault, 'env-var-init-last', "the pod's init containers start before the agent", {
      pod: podOf(withContainers, annotation('agent-init-first', 'false')),
      expect: { ...served, warns: [`${prefix}${vault.variable}`] },
    }),
    of(vault, 'env-var-own-path', "the pod's own directory for Vault's files does not move an env file", {
      secrets: [variable(vault.db), file(vault.api)],
      pod: podOf({}, annotation('secret-volume-path', '/vault/own')),
      expect: { ...served, warns: ['secret-volume-path'] },
    }),
    of(vault, 'env-var-injected-before', 'the injector was called before this webhook', {
      pod: podOf(
        { initContainers: [{ name: 'vault-agent-init', image: 'hashicorp/vault:1.21.1' }] },
        annotation('agent-inject-status', 'injected'),
      ),
      expect: refused("Vault's injector changed the pod before"),
    }),
    of(vault, 'env-var-switched-off', 'the pod switches the injector off', {
      pod: podOf({}, annotation('agent-inject', 'false')),
      expect: refused("disables Vault's injector"),
    }),
    {
      ...of(gcp, 'and-aws-env-vars', 'the init containers of a pod come from one manager', {}),
      config: configOf({ ...aws, config: { secretManagerTypes: ['GCP', 'AWS'] } }),
      secrets: [variable(gcp.db), variable(aws.db)],
      expect: refused('the files of GCP and AWS', 'only one manager can add init containers'),
    },
    {
      ...of(vault, 'and-gcp-env-vars', 'variables from files of an injector and of an init container', {}),
      config: configOf({ ...vault, config: { secretManagerTypes: ['Vault', 'GCP'] } }),
      secrets: [variable(vault.db), variable(gcp.db)],
    },
    {
      ...of(
        gcp,
        'and-k8s-env-vars',
        'a manager that is asked before it serves its variables by reference',
        {},
      ),
      config: configOf({ ...gcp, config: { secretManagerTypes: ['K8s', 'GCP'] } }),
      secrets: [
        variable({ group: 'db', key: 'password' }),
        variable({ group: 'projects/p/secrets/api', group_version: '1' }),
        file({ group: 'db', key: 'password' }),
      ],
    },
  ]
}

/** All cases of this project's own. */
export const inputs: readonly Input[] = (['flyte1', 'flyte2'] as const).flatMap((profile) => [
  ...makers.flatMap((maker) => ofMaker(maker, profile)),
  ...special(profile),
])
