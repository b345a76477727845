import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'
import { annotationOf } from '../support/annotation.ts'
import { reviewOf } from '../support/webhook.ts'
import { fieldsOf, managedFieldsEntry } from './managed-fields.ts'

/** The body of a measured call. */
export interface Body {
  readonly name: string
  /** The number of secrets that its pod requests. */
  readonly secrets: number
  readonly text: string
  /** The size of a generated pod: `16 KB`. Bodies of `examples/` have none. */
  readonly size?: string
}

const folder = join(projectRoot, 'examples')

/** The AdmissionReviews of `examples/`, as a kube-apiserver sent them. */
const exampleBodies = (): readonly Body[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8')
      return {
        name: file.replace('.json', ''),
        secrets: text.split('"flyte.secrets/s').length - 1,
        text,
      }
    })

/** The generated pods: their bytes without the requests, and their numbers of secrets. */
const podSizes = [4, 16, 64, 256, 1024].map((kilobytes) => kilobytes * 1024)
const secretCounts = [1, 10, 100, 256] as const

/**
 * Generates a review of a pod that has this many bytes without its requests. It requests half of the secrets as variables and half
 * as files, sixteen keys of each group. Variables of its three containers fill it. `managedFields` count as part of its size.
 */
const madeBody = (podBytes: number, secrets: number): Body => {
  const env = settings(podBytes)
  const containers = ['prepare', 'main', 'sidecar'].map((name, index) => ({
    name,
    image: 'registry.example.com/task:1.2.3',
    args: ['pyflyte-execute', '--inputs', 's3://bucket/inputs.pb', '--output-prefix', 's3://bucket/outputs'],
    env: env.filter((_, at) => at % 3 === index),
    volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }],
  }))
  const pod = {
    metadata: {
      generateName: 'a7d9fc2b-n0-0-',
      labels: { 'inject-flyte-secrets': 'true', project: 'flytesnacks', domain: 'development' },
      annotations: Object.fromEntries(Array.from({ length: secrets }, (_, index) => asking(index))),
    },
    spec: {
      initContainers: containers.slice(0, 1),
      containers: containers.slice(1),
      volumes: [{ name: 'scratch', emptyDir: {} }],
    },
  }
  const size = `${podBytes / 1024} KB`
  const metadata = { ...pod.metadata, managedFields: [managedFieldsEntry(pod)] }
  return { name: `${size}, ${secrets}`, size, secrets, text: reviewOf({ ...pod, metadata }) }
}

const asking = (index: number): readonly [string, string] => [
  `flyte.secrets/s${index}`,
  annotationOf({
    group: `group-${Math.floor(index / 16)}`,
    key: `key-${index}`,
    mount_requirement: index % 2 === 0 ? 'ENV_VAR' : 'FILE',
  }),
]

/** The bytes of a pod without variables, with its managed fields. */
const emptyPodBytes = 2100

type Setting = { readonly name: string; readonly value: string }

/** The variables that fill a pod to a size. */
const settings = (podBytes: number): readonly Setting[] => {
  const made: Setting[] = []
  for (let left = podBytes - emptyPodBytes; left > 0; ) {
    const index = made.length
    const setting = {
      name: `SETTING_${index}`,
      value: `s3://bucket/some/path/of/a/setting/that/has/the/number/${index}`,
    }
    made.push(setting)
    left -= jsonBytes([setting]) - jsonBytes([])
  }
  return made
}

/** Variables, one more variable, and the managed fields of both. */
const jsonBytes = (some: readonly Setting[]): number => {
  const env = [...some, { name: '', value: '' }]
  return JSON.stringify([env, fieldsOf({ env })]).length
}

/** Every measured body: the examples, and a pod of each size with each number of secrets. */
export const allBodies = (): readonly Body[] => [
  ...exampleBodies(),
  ...podSizes.flatMap((podBytes) => secretCounts.map((secrets) => madeBody(podBytes, secrets))),
]
