import {
  ApiException,
  CoreV1Api,
  createConfiguration,
  KubeConfig,
  KubernetesObjectApi,
  type KubernetesObject,
  type Middleware,
  PatchStrategy,
  ServerConfiguration,
  type V1ObjectMeta,
  VersionApi,
} from '@kubernetes/client-node'
import { CommandFailure, wrongUsage } from '../failure.ts'
import { fieldManager } from './field-manager.ts'
import type { NamespacedName } from './namespaced-name.ts'

/** The options that find a cluster, as in kubectl. */
export interface ClusterOptions {
  readonly kubeconfig?: string
  readonly context?: string
}

/** The coordinates of an object. */
export interface ObjectRef {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
}

/** The Kubernetes API of one cluster. Each failure is a `CommandFailure` with what was tried and what the server answered. */
export interface Cluster {
  /** The configuration, for requests that are missing here. */
  readonly kubeConfig: KubeConfig
  /** The API server's version, as it reports it: `v1.30.4-eks-36bf41b`. */
  readonly version: () => Promise<string>
  /** The server's clock, in whole seconds; undefined if it does not send a date. */
  readonly date: () => Promise<Date | undefined>
  /** Resolves to undefined if the object does not exist. */
  readonly read: <T extends KubernetesObject>(ref: ObjectRef) => Promise<T | undefined>
  /**
   * Reads the metadata of a Secret, with `managedFields`, without requesting its data. Resolves to undefined if it does not
   * exist.
   */
  readonly readSecretMetadata: (name: NamespacedName) => Promise<V1ObjectMeta | undefined>
  readonly list: <T extends KubernetesObject>(
    apiVersion: string,
    kind: string,
    namespace?: string,
  ) => Promise<readonly T[]>
  /**
   * Server-side apply. Without `force` the server refuses fields that another manager owns. With a `resourceVersion` in the
   * object it refuses the request if somebody else has changed the object meanwhile.
   */
  readonly apply: <T extends KubernetesObject>(
    object: T,
    options?: { readonly force?: boolean; readonly dryRun?: boolean },
  ) => Promise<T>
  /**
   * JSON merge patch (RFC 7386): removes fields that are null, whoever owns them, and keeps fields that are not named. A
   * `resourceVersion` works as for `apply`.
   */
  readonly merge: (
    patch: ObjectRef & Readonly<Record<string, unknown>>,
    options?: { readonly dryRun?: boolean },
  ) => Promise<unknown>
  readonly create: <T extends KubernetesObject>(
    object: T,
    options?: { readonly dryRun?: boolean },
  ) => Promise<T>
  /** Resolves to false if the object did not exist. */
  readonly remove: (ref: ObjectRef, options?: { readonly dryRun?: boolean }) => Promise<boolean>
}

/** A refusal by the API server, with the `code` and `reason` of its `Status`. */
export class ApiFailure extends CommandFailure {
  readonly code: number
  readonly reason: string

  constructor(message: string, { code, reason, cause }: { code: number; reason: string; cause: unknown }) {
    super(message, { cause })
    this.code = code
    this.reason = reason
  }
}

/** Connects to a cluster: `--kubeconfig`, `KUBECONFIG`, `~/.kube/config`, or the pod's own service account. */
export const connect = ({ kubeconfig, context }: ClusterOptions): Cluster => {
  const kubeConfig = loadKubeConfig(kubeconfig, context)
  const attempt = attemptWith(kubeConfig)
  const api = KubernetesObjectApi.makeApiClient(kubeConfig)
  return {
    kubeConfig,
    version: async () =>
      (
        await attempt('read the version of the API server', () =>
          kubeConfig.makeApiClient(VersionApi).getCode(),
        )
      ).gitVersion,
    date: async () => {
      const { headers } = await attempt('read the time', () =>
        kubeConfig.makeApiClient(VersionApi).getCodeWithHttpInfo(),
      )
      return headers['date'] === undefined ? undefined : new Date(headers['date'])
    },
    read: <T extends KubernetesObject>(ref: ObjectRef) =>
      unlessAbsent(
        attempt(`read ${nameOf(ref)}`, () => api.read<T>(ref as Parameters<typeof api.read<T>>[0])),
      ),
    readSecretMetadata: async (name) => {
      const secret = await unlessAbsent(
        attempt(`read ${nameOf({ kind: 'Secret', metadata: { ...name } })}`, () =>
          metadataApi(kubeConfig).readNamespacedSecret({ ...name }),
        ),
      )
      return secret?.metadata
    },
    list: async <T extends KubernetesObject>(apiVersion: string, kind: string, namespace?: string) =>
      (await attempt(`list ${kind}`, () => api.list<T>(apiVersion, kind, namespace))).items,
    apply: (object, { force = false, dryRun = false } = {}) =>
      attempt(`apply ${nameOf(object)}`, () =>
        api.patch(object, undefined, all(dryRun), fieldManager, force, PatchStrategy.ServerSideApply),
      ),
    merge: (patch, { dryRun = false } = {}) =>
      attempt(`change ${nameOf(patch)}`, () =>
        api.patch(patch, undefined, all(dryRun), fieldManager, undefined, PatchStrategy.MergePatch),
      ),
    create: (object, { dryRun = false } = {}) =>
      attempt(`create ${nameOf(object)}`, () => api.create(object, undefined, all(dryRun), fieldManager)),
    remove: async (ref, { dryRun = false } = {}) =>
      (await unlessAbsent(
        attempt(`delete ${nameOf(ref)}`, () => api.delete(ref, undefined, all(dryRun))),
      )) !== undefined,
  }
}

/** Kubernetes API concepts, "Metadata-only fetches": the server answers 406 if it cannot leave out the rest. */
const metadataOnly: Middleware = {
  pre(request) {
    request.setHeaderParam('Accept', 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1')
    return Promise.resolve(request)
  },
  post: (response) => Promise.resolve(response),
}

/** Works like `KubeConfig.makeApiClient`, but fetches only the metadata of objects. */
const metadataApi = (kubeConfig: KubeConfig): CoreV1Api =>
  new CoreV1Api(
    createConfiguration({
      baseServer: new ServerConfiguration(kubeConfig.getCurrentCluster()?.server ?? '', {}),
      authMethods: { default: kubeConfig },
      promiseMiddleware: [metadataOnly],
    }),
  )

const loadKubeConfig = (file: string | undefined, context: string | undefined): KubeConfig => {
  const kubeConfig = new KubeConfig()
  try {
    if (file === undefined) kubeConfig.loadFromDefault()
    else kubeConfig.loadFromFile(file)
  } catch (error) {
    // Show neither the error nor its message: they quote the file, which holds credentials.
    throw wrongUsage(`${file ?? process.env['KUBECONFIG'] ?? '~/.kube/config'}: ${whyNoKubeconfig(error)}`)
  }
  if (file === undefined && kubeConfig.getCurrentCluster()?.server === clientDefault)
    throw wrongUsage('no kubeconfig found: name one with --kubeconfig or KUBECONFIG')
  if (context !== undefined) {
    if (kubeConfig.getContextObject(context) === null) {
      const known = kubeConfig.getContexts().map(({ name }) => name)
      throw wrongUsage(`the kubeconfig has no context ${context}: it has ${known.join(', ')}`)
    }
    kubeConfig.setCurrentContext(context)
  }
  requireCluster(kubeConfig)
  return kubeConfig
}

const requireCluster = (kubeConfig: KubeConfig): void => {
  if (kubeConfig.getCurrentCluster() !== null) return
  const context = kubeConfig.getCurrentContext()
  throw wrongUsage(
    kubeConfig.getContextObject(context) === null
      ? 'the kubeconfig has no current context: name one with --context'
      : `the context ${context} of the kubeconfig names a cluster that is not in it`,
  )
}

/** The server that the client assumes without a kubeconfig. */
const clientDefault = 'http://localhost:8080'

const whyNoKubeconfig = (error: unknown): string => {
  const { code } = error instanceof Error && 'code' in error ? error : {}
  if (code === 'ENOENT') return 'no such file'
  return typeof code === 'string' ? `cannot be read (${code})` : 'not a valid kubeconfig'
}

const all = (dryRun: boolean): 'All' | undefined => (dryRun ? 'All' : undefined)

/** Returns a function that calls an API server. Its failures say what was tried, or which server did not answer. */
const attemptWith =
  (kubeConfig: KubeConfig) =>
  async <T>(doing: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call()
    } catch (error) {
      if (error instanceof ApiException) throw apiFailure(doing, error)
      const server = kubeConfig.getCurrentCluster()?.server ?? ''
      const context = kubeConfig.getCurrentContext()
      throw new CommandFailure(
        `cannot reach the API server ${server} (context ${context}): ${messageOf(error)}`,
        { cause: error },
      )
    }
  }

const unlessAbsent = <T>(call: Promise<T>): Promise<T | undefined> =>
  call.catch((error: unknown) => {
    if (error instanceof ApiFailure && error.code === 404) return undefined
    throw error
  })

const apiFailure = (doing: string, error: ApiException<unknown>): ApiFailure => {
  const { message = `HTTP ${error.code}`, reason = '' } = statusIn(error.body)
  return new ApiFailure(`could not ${doing}: ${message}`, { code: error.code, reason, cause: error })
}

/** The client returns an error's body as an object, or as text if it cannot tell the type. */
const statusIn = (body: unknown): { readonly message?: string; readonly reason?: string } => {
  try {
    const status: unknown = typeof body === 'string' ? JSON.parse(body) : body
    return typeof status === 'object' && status !== null ? status : {}
  } catch {
    return {}
  }
}

/** Returns the name that a person uses: `Secret flyte/db`. */
export const nameOf = ({ kind = 'object', metadata }: KubernetesObject): string => {
  const { namespace, name = '' } = metadata ?? {}
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`
}

const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
