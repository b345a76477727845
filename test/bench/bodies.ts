import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'
import { annotationOf } from '../support/annotation.ts'
import { reviewOf } from '../support/webhook.ts'
import { fieldsOf, managedFieldsEntry } from './managed-fields.ts'

/** The body of a call that is measured. */
export interface Body {
  readonly name: string
  /** How many secrets its pod asks for. */
  readonly secrets: number
  readonly text: string
  /** Of a pod that was made to be of a size: `16 KB`. The others are `examples/`. */
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

/** Of the pods that are made: bytes without what asks for secrets, and how many secrets are asked for. */
const podSizes = [4, 16, 64, 256, 1024].map((kilobytes) => kilobytes * 1024)
const secretCounts = [1, 10, 100, 256] as const

/**
 * A review of a pod of a size, in bytes, before it asks for secrets: half as variables, half as files, sixteen keys of a
 * group. It grows as pods do, by variables of its three containers. The API server's `managedFields` are part of its size.
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

/** What a pod without variables has, in bytes, with its managed fields. */
const emptyPodBytes = 2100

type Setting = { readonly name: string; readonly value: string }

/** As many variables as fill a pod of a size. */
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

/** Variables, one more, and the managed fields of both. */
const jsonBytes = (some: readonly Setting[]): number => {
  const env = [...some, { name: '', value: '' }]
  return JSON.stringify([env, fieldsOf({ env })]).length
}

/** Every body that is measured: the examples, and a pod of each size with each number of secrets. */
export const allBodies = (): readonly Body[] => [
  ...exampleBodies(),
  ...podSizes.flatMap((podBytes) => secretCounts.map((secrets) => madeBody(podBytes, secrets))),
]
