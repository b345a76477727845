import type { Keys, OptionsOf } from './keys.ts'
import type { PureManager } from './manager.ts'

/** What a manager may know of the deployment besides its own keys. */
export interface Host {
  /** `webhook.secretEnvVarPrefix`. */
  readonly envVarPrefix: string
  /** Whose defaults and placing of variables apply. */
  readonly profile: 'flyte1' | 'flyte2'
}

/** What an operator should know of some options, though nothing is wrong. */
export interface Notice {
  /** The key that it is about; it stands where that is written, or where the manager is named. */
  readonly key?: string
  /** Goes on where the path of the key ends. */
  readonly message: string
}

/** How `doctor` asks the manager for a secret that need not exist. */
export interface Trial {
  readonly mount: 'ENV_VAR' | 'FILE'
  /** A group that the manager takes; any text if it is left out. */
  readonly group?: string
  readonly labels?: Readonly<Record<string, string>>
  /** The one namespace whose pods it serves, if there is one. */
  readonly namespace?: string
}

/** A webhook that has to see what the manager adds to a pod. */
export interface Follower {
  /** What the names of its MutatingWebhookConfiguration and of its webhook have in them, by its own chart. */
  readonly webhooks: RegExp
  /** What is wrong where it is called before this webhook: the rest of a sentence. */
  readonly misses: string
}

/** A field of a request, as a manager takes it. */
export interface AskedField {
  /** In a few words, for a label: `name of the Secret`. */
  readonly means: string
  /** A text that the manager takes. */
  readonly example: string
  /** The manager can do without it. */
  readonly isOptional?: true
}

/** What a manager looks a secret up by; it ignores the fields that are not here. */
export type AskedFields = { readonly [Name in 'group' | 'key' | 'groupVersion']?: AskedField }

export type Makes = 'files' | 'variables' | 'both'

/** What a description depends on besides the manager's own options. */
export interface Deployment {
  /** Whether variables can come from files somewhere (`function.envFiles`). */
  readonly envFiles: boolean
}

/** Who reads the value of a secret: this function, the kubelet by a reference, or a container of the pod. */
export type Reader = 'function' | 'kubelet' | 'container'

/** What a manager says of itself, and others derive: configuration, documentation, `doctor`, the playground. */
export interface Description<All extends Keys, More extends Keys> {
  /** As it stands in `webhook.secretManagerTypes`. */
  readonly name: string
  /** What it does, in a line. */
  readonly summary: string
  readonly makes: Makes | ((options: OptionsOf<All & More>, deployment: Deployment) => Makes)
  readonly reader: Reader | ((options: OptionsOf<All & More>) => Reader)
  /** What a person writes into a request for it; without it a group and a key. */
  readonly asks?: AskedFields | ((options: OptionsOf<All & More>) => AskedFields)
  /** Where Flyte has its keys: `webhook.<section>`. Without it they are in `function.managers.<name>`. */
  readonly section?: string
  /** What an editor shows of that section. */
  readonly sectionHelp?: string
  readonly keys: All
  /** Keys that Flyte does not have, in `function.<section>`. */
  readonly own?: { readonly section: string; readonly help: string; readonly keys: More }
  /** It is asked first, whether it is named or not. */
  readonly isAlwaysAsked?: true
  /** The section has no effect where the manager is not asked, and an operator should know. */
  readonly isNoticedUnasked?: true
  /** Flyte 1 does not know the section: it needs a written `function.profile`. */
  readonly isOfFlyte2?: true
  /** A webhook of another project that has to be called after this one. */
  readonly follower?: Follower
  readonly notices?: (options: OptionsOf<All & More>) => readonly Notice[]
  /** Absent where no answer of the manager would tell anything. */
  readonly trial?: (options: OptionsOf<All & More>) => Trial | undefined
}

/** Where a manager of an operator's own comes from. */
export interface Origin {
  /** As the configuration names it: a file beside it, or a package. */
  readonly from: string
  /** All of its code, as an ES module that imports nothing but the kit. */
  readonly code: string
  /** Of that code, in hex: part of the configuration's digest. */
  readonly sha256: string
}

/** What a manager says of itself, whatever its keys are. */
export interface AnyDescription
  extends Omit<Description<Keys, Keys>, 'asks' | 'makes' | 'reader' | 'notices' | 'trial'> {
  /** Absent where the manager is one of this project. */
  readonly origin?: Origin
  readonly makes: Makes | ((options: never, deployment: Deployment) => Makes)
  readonly reader: Reader | ((options: never) => Reader)
  readonly asks?: AskedFields | ((options: never) => AskedFields)
  readonly notices?: (options: never) => readonly Notice[]
  readonly trial?: (options: never) => Trial | undefined
}

/** A secret manager that answers at once: it has no store, and nothing can be awaited (specification §4.9). */
export interface ManagerDefinition<All extends Keys, More extends Keys = Keys>
  extends Description<All, More> {
  readonly create: (options: OptionsOf<All & More>, host: Host) => PureManager
}

/** What a manager makes whose init containers write files, and variables where these can come from files. */
export const filesOrBoth = (_options: unknown, { envFiles }: Deployment): Makes =>
  envFiles ? 'both' : 'files'

/** Lets TypeScript infer the options of `create` from the keys. */
// oxlint-disable-next-line typescript/no-generated-empty-object-type -- most managers have no such keys
export const defineManager = <const All extends Keys, const More extends Keys = Record<never, never>>(
  definition: ManagerDefinition<All, More>,
): ManagerDefinition<All, More> => definition
