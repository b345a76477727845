import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Place } from '../certs/place.ts'
import { wrongUsage } from '../failure.ts'
import type { Cluster } from '../kubernetes/cluster.ts'
import type { NamespacedName } from '../kubernetes/namespaced-name.ts'
import { contextOption, kubeconfigOption, parseNamespacedName } from './options.ts'

/** The location of certificates: the options of every `certs` command. */
export interface PlaceOptions {
  readonly directory?: string
  readonly secret?: NamespacedName
  readonly acm?: string
  readonly kubeconfig?: string
  readonly context?: string
}

/** Adds the options that locate certificates. */
export const withPlaceOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--directory <folder>', 'the folder of the certificates, with ca.crt, tls.crt and tls.key'),
    )
    .addOption(secretOption())
    .addOption(kubeconfigOption())
    .addOption(contextOption())

/** Opens the place of certificates, and connects to the cluster if the command line names one. */
export const openPlace = async (
  options: PlaceOptions,
): Promise<{ readonly place: Place; readonly cluster: Cluster | undefined }> => {
  const { directory, secret, kubeconfig, context } = options
  if (secret !== undefined) {
    const cluster = await connectCluster(options)
    const { createSecretPlace } = await import('../certs/secret-place.ts')
    return { place: createSecretPlace(cluster, secret), cluster }
  }
  if (directory === undefined) throw wrongUsage('name the place of the certificates: --directory or --secret')
  const { createDirectoryPlace } = await import('../certs/directory-place.ts')
  const isClusterNamed = kubeconfig !== undefined || context !== undefined
  return {
    place: createDirectoryPlace(directory),
    cluster: isClusterNamed ? await connectCluster(options) : undefined,
  }
}

const connectCluster = async ({ kubeconfig, context }: PlaceOptions): Promise<Cluster> => {
  const { connect } = await import('../kubernetes/cluster.ts')
  return connect({
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
  })
}

const secretOption = (): Option =>
  new Option('--secret <namespace/name>', 'the Secret of the certificates, with the same names')
    .conflicts('directory')
    .argParser(parseNamespacedName)

/** `--force-conflicts`, as in kubectl. */
export const forceConflictsOption = (): Option =>
  new Option('--force-conflicts', 'take over a Secret whose certificates another field manager owns').default(
    false,
  )

const arnPattern = /^arn:[^:]+:acm:([^:]+):\d+:certificate\/.+$/u

/** `--acm` with the ARN of a certificate, or `new` if the command can create one. */
export const acmOption = ({ orNew }: { readonly orNew: boolean }): Option =>
  new Option(
    `--acm <${orNew ? 'arn|new' : 'arn'}>`,
    'the ARN under which they are also imported into AWS Certificate Manager',
  ).argParser((text) => {
    if (arnPattern.test(text) || (orNew && text === 'new')) return text
    throw new InvalidArgumentError(
      `Write an ARN as arn:aws:acm:<region>:<account>:certificate/<id>${orNew ? ', or `new` to create one' : ''}.`,
    )
  })

/** Connects to ACM in the region of an ARN. For `new` uses the region of AWS's environment and files. */
export const connectAcm = async (target: string) => {
  const { ACMClient } = await import('@aws-sdk/client-acm')
  const region = arnPattern.exec(target)?.[1]
  return new ACMClient(region === undefined ? {} : { region })
}

/** A number of days. */
export const daysOption = (name: string, what: string): Option =>
  new Option(`${name} <days>`, what).argParser((text) => {
    if (/^[1-9]\d{0,4}$/u.test(text)) return Number(text)
    throw new InvalidArgumentError('Give a whole number of days from 1 to 99999.')
  })
