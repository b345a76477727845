import type { Json } from '../support/pods.ts'
import {
  type Ask,
  envFileTexts,
  type Mount,
  ofFlyte,
  ofFlytekit,
  type Secret,
  texts,
  unfitTexts,
} from './secrets.ts'

type Profile = 'flyte1' | 'flyte2'

/** A way in which secrets reach tasks: a deployment in some profiles, and the secrets that a pod asks it for. */
export interface Consumer {
  readonly name: string
  readonly profiles: readonly Profile[]
  /** The section `webhook:`. */
  readonly webhook: Json
  readonly function?: Json
  readonly mounts: readonly Mount[]
  readonly secrets: (mount: Mount) => readonly Secret[]
}

export type Texts = Readonly<Record<string, string>>

/** A pod that asks for a missing secret, or for one that cannot be delivered so, with the outcome. */
export interface Missing {
  /** The consumer's name. */
  readonly name: string
  readonly mount: Mount
  readonly fields: Ask
  /** The error in the task, or the reason why the pod does not start. */
  readonly said: { readonly task: string } | { readonly pod: string }
}

/** The export `consumer` of a manager's file in `test/managers/consumers`. The file has the name of its module. */
export interface ManagerConsumer {
  readonly ways: readonly Consumer[]
  readonly missing?: readonly Missing[]
  /** The Secrets that it needs in the pods' namespace, name → key → text. */
  readonly kubernetesSecrets?: Readonly<Record<string, Texts>>
  /** Secrets of AWS Secrets Manager, each as its versions. It accepts 64 KiB. */
  readonly secretsManager?: Readonly<Record<string, readonly string[]>>
  /** The values of its store, if the program in its init container reads with `held <name>`. */
  readonly held?: Texts
  /** Shell scripts that replace the programs of its image, by name. */
  readonly programs?: Texts
  /** The entrypoints of its images, for containers without a command: image → command. */
  readonly entrypoints?: Readonly<Record<string, readonly string[]>>
  /** The function's own environment and files. */
  readonly environment?: Texts
  readonly files?: Texts
}

export const both = ['flyte1', 'flyte2'] as const
export const onlyFlyte2 = ['flyte2'] as const
export const files = ['ANY', 'FILE'] as const
/** Names a variable for every second secret. The long one would not fit into the pod twice. */
const envVarOf = (index: number, key: string): string | undefined =>
  index % 2 === 0 || key.endsWith('long') ? undefined : `ALSO_${index}`

const textOfKey = (key: string): string => texts[key] ?? envFileTexts[key] ?? ''

interface Way {
  readonly from: (mount: Mount) => 'file' | 'variable'
  readonly keys?: readonly string[]
  readonly fields: (key: string, index: number) => Ask
  readonly ask: (key: string, index: number) => Ask
  readonly textOf?: (key: string) => string
  /** Whether `env_var` replaces the variable that flytekit reads. */
  readonly envVarReplaces?: boolean
}

/** Returns secrets of flytekit, one for each key. */
export const flytekitSecrets =
  ({ from, keys = Object.keys(texts), fields, ask, textOf = textOfKey, envVarReplaces = false }: Way) =>
  (mount: Mount): readonly Secret[] =>
    keys.map((key, index) =>
      ofFlytekit({
        fields: fields(key, index),
        mount,
        ask: ask(key, index),
        from: from(mount),
        envVar: envVarOf(index, key),
        text: textOf(key),
        envVarReplaces: envVarReplaces && from(mount) === 'variable',
      }),
    )

/** Returns secrets of the Flyte 2 SDK, one for each key. */
export const flyteSecrets =
  (group: string | undefined, pathOf: (key: string) => string, keys = Object.keys(texts)) =>
  (mount: Mount): readonly Secret[] =>
    keys.map((key, index) => {
      const text = textOfKey(key)
      const named = group === undefined ? { key } : { key, group }
      return mount === 'FILE'
        ? ofFlyte(
            { ...named, mount: '/etc/flyte/secrets' },
            { file: `/etc/flyte/secrets/${pathOf(key)}` },
            text,
          )
        : ofFlyte({ ...named, as_env_var: `SDK_${index}` }, { variable: `SDK_${index}` }, text)
    })

/** Returns pods that ask for a variable with a value that no env file can hold; the init container reports it. */
export const unfitRows = (name: string, fieldsOf: (key: string) => Ask): readonly Missing[] =>
  Object.entries(unfitTexts).map(([why, [key]]) => ({
    name,
    mount: 'ENV_VAR',
    fields: fieldsOf(key),
    said: { pod: `${why}, so it cannot be a variable: ask for it as a file` },
  }))

export const fileUnlessVariable = (mount: Mount) => (mount === 'ENV_VAR' ? 'variable' : 'file')
export const nonEmpty = Object.keys(texts).filter((key) => texts[key] !== '')
/** The keys of the texts that env files can hold. */
export const envFileKeys = Object.keys(envFileTexts)
export const groupAndKey = (group: string) => (key: string) => ({ group, key })
