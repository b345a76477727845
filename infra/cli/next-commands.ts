import { join } from 'node:path'
import { type Certificates, fileNames } from '../certs/certificates.ts'
import { namesOfCertificate } from '../certs/server-names.ts'
import type { PlaceOptions } from './certificate-place.ts'

/** The state of a webhook after a `certs` command. */
export interface CertificateSetting {
  readonly certificates: Certificates
  readonly options: PlaceOptions & { readonly url?: string }
}

/** Returns the commands that give every cluster the new bundle. Three dots replace arguments that only the operator knows. */
export const registerCommands = (setting: CertificateSetting): readonly string[] => {
  const { directory, secret } = setting.options
  const file = directory === undefined ? fileNames.authorities : join(directory, fileNames.authorities)
  const register = `flyte-webhook register --url ${urlOf(setting)} --cluster … --token-file … --ca-bundle ${shellWord(file)}`
  const copy =
    secret &&
    [
      'kubectl get secret',
      ...clusterWords(setting.options),
      `--namespace ${shellWord(secret.namespace)} ${shellWord(secret.name)}`,
      `--output go-template='{{index .data "${fileNames.authorities}" | base64decode}}' > ${file}`,
    ].join(' ')
  return [...(copy === undefined ? [] : [copy]), `${register}    # for every cluster that calls the webhook`]
}

/** Returns the command that completes a rotation. */
export const activateCommand = ({ options }: CertificateSetting): string => {
  const { directory, secret, acm } = options
  return [
    'flyte-webhook certs rotate --activate',
    ...(directory === undefined ? [] : [`--directory ${shellWord(directory)}`]),
    ...(secret === undefined ? [] : [`--secret ${shellWord(`${secret.namespace}/${secret.name}`)}`]),
    ...clusterWords(options),
    ...(acm === undefined ? [] : [`--acm ${shellWord(acm)}`]),
  ].join(' ')
}

const clusterWords = ({ kubeconfig, context }: PlaceOptions): readonly string[] => [
  ...(kubeconfig === undefined ? [] : [`--kubeconfig ${shellWord(kubeconfig)}`]),
  ...(context === undefined ? [] : [`--context ${shellWord(context)}`]),
]

/** Returns the URL without its path, which can contain a token. Without a URL, uses the name in the newest certificate. */
const urlOf = ({ certificates, options }: CertificateSetting): string => {
  const { dnsNames, ipAddresses } = namesOfCertificate(
    (certificates.next ?? certificates.current).certificate,
  )
  const [address] = ipAddresses
  const host = dnsNames[0] ?? (address?.includes(':') ? `[${address}]` : address)
  const url = URL.parse(options.url ?? `https://${host ?? ''}`)
  return url === null ? '…' : shellWord(url.origin)
}

/** Quotes a text as one word of a POSIX shell. */
const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
