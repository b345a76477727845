import type { Keys, OptionsOf } from './keys.ts'
import type { PureManager } from './manager.ts'

/** What a manager may know about the deployment besides its own keys. */
export interface Host {
  /** `webhook.secretEnvVarPrefix`. */
  readonly envVarPrefix: string
  /** Selects the defaults and the placing of variables. */
  readonly profile: 'flyte1' | 'flyte2'
}

/** A note for the operator about valid options. */
export interface Notice {
  /** The key of the notice. It appears at this key if the file has it, or else where the file names the manager. */
  readonly key?: string
  /** Continues the path of the key. */
  readonly message: string
}

/** How `doctor` asks the manager for a secret that does not have to exist. */
export interface Trial {
  readonly mount: 'ENV_VAR' | 'FILE'
  /** A group that the manager accepts; any text if it is missing. */
  readonly group?: string
  readonly labels?: Readonly<Record<string, string>>
  /** The only namespace whose pods it serves, if it is limited to one. */
  readonly namespace?: string
}

/** A webhook that must see what the manager adds to a pod. */
export interface Follower {
  /** A part of the names that its chart gives to its MutatingWebhookConfiguration and its webhook. */
  readonly webhooks: RegExp
  /** The consequence if it runs before this webhook: the rest of a sentence. */
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
  /** Whether variables can come from files in any cluster (`function.envFiles`). */
  readonly envFiles: boolean
}

/** Who reads the value of a secret: this function, the kubelet by a reference, or a container of the pod. */
export type Reader = 'function' | 'kubelet' | 'container'

/** What a manager says about itself. Configuration, documentation, `doctor` and the playground derive from it. */
export interface Description<All extends Keys, More extends Keys> {
  /** Its name in `webhook.secretManagerTypes`. */
  readonly name: string
  /** What it does, in one line. */
  readonly summary: string
  readonly makes: Makes | ((options: OptionsOf<All & More>, deployment: Deployment) => Makes)
  readonly reader: Reader | ((options: OptionsOf<All & More>) => Reader)
  /** What a person writes into a request for it; without it, a group and a key. */
  readonly asks?: AskedFields | ((options: OptionsOf<All & More>) => AskedFields)
  /** Flyte's section for its keys: `webhook.<section>`. Without it they are in `function.managers.<name>`. */
  readonly section?: string
  /** The help that an editor shows for that section. */
  readonly sectionHelp?: string
  readonly keys: All
  /** Keys that Flyte does not have, in `function.<section>`. */
  readonly own?: { readonly section: string; readonly help: string; readonly keys: More }
  /** Whether it is asked first, even if no list names it. */
  readonly isAlwaysAsked?: true
  /** Whether to tell the operator that the section has no effect, if the manager is not asked. */
  readonly isNoticedUnasked?: true
  /** Whether Flyte 1 lacks the section: then it needs a written `function.profile`. */
  readonly isOfFlyte2?: true
  /** A webhook of another project that has to run after this one. */
  readonly follower?: Follower
  readonly notices?: (options: OptionsOf<All & More>) => readonly Notice[]
  /** Absent if an answer of the manager would prove nothing. */
  readonly trial?: (options: OptionsOf<All & More>) => Trial | undefined
}

/** The source of an operator's own manager. */
export interface Origin {
  /** Its name in the configuration: a file next to it, or a package. */
  readonly from: string
  /** All of its code, as an ES module that imports only the kit. */
  readonly code: string
  /** The digest of that code in hex, a part of the configuration's digest. */
  readonly sha256: string
}

/** What a manager says about itself, for any keys. */
export interface AnyDescription
  extends Omit<Description<Keys, Keys>, 'asks' | 'makes' | 'reader' | 'notices' | 'trial'> {
  /** Absent for a manager of this project. */
  readonly origin?: Origin
  readonly makes: Makes | ((options: never, deployment: Deployment) => Makes)
  readonly reader: Reader | ((options: never) => Reader)
  readonly asks?: AskedFields | ((options: never) => AskedFields)
  readonly notices?: (options: never) => readonly Notice[]
  readonly trial?: (options: never) => Trial | undefined
}

/** A secret manager that answers at once: it has no store and awaits nothing (specification §4.9). */
export interface ManagerDefinition<All extends Keys, More extends Keys = Keys>
  extends Description<All, More> {
  readonly create: (options: OptionsOf<All & More>, host: Host) => PureManager
}

/** What a manager makes if its init containers write files: files, and variables if env files are on. */
export const filesOrBoth = (_options: unknown, { envFiles }: Deployment): Makes =>
  envFiles ? 'both' : 'files'

/** Lets TypeScript infer the options of `create` from the keys. */
// oxlint-disable-next-line typescript/no-generated-empty-object-type -- most managers have no such keys
export const defineManager = <const All extends Keys, const More extends Keys = Record<never, never>>(
  definition: ManagerDefinition<All, More>,
): ManagerDefinition<All, More> => definition
