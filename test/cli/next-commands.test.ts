import { describe, expect, it } from 'vitest'
import { createCertificates } from '../../infra/certs/rotation.ts'
import type { ServerNames } from '../../infra/certs/server-names.ts'
import { activateCommand, type CertificateSetting, registerCommands } from '../../infra/cli/next-commands.ts'
import { wish } from '../support/certificates.ts'

const settingOf = async (
  options: CertificateSetting['options'],
  names: ServerNames = wish.names,
): Promise<CertificateSetting> => ({
  options,
  certificates: await createCertificates({ ...wish, names }, new Date()),
})

describe('the commands after one of certs', () => {
  it('name the same Secret, cluster and ACM certificate', async () => {
    const setting = await settingOf({
      secret: { namespace: 'flyte', name: 'flyte-pod-webhook' },
      kubeconfig: "the operator's",
      context: 'arn:aws:eks:eu-west-1:1:cluster/production',
      acm: 'arn:aws:acm:eu-west-1:1:certificate/a',
    })
    const cluster = String.raw`--kubeconfig 'the operator'\''s' --context arn:aws:eks:eu-west-1:1:cluster/production`
    expect(activateCommand(setting)).toBe(
      `flyte-webhook certs rotate --activate --secret flyte/flyte-pod-webhook ${cluster} --acm arn:aws:acm:eu-west-1:1:certificate/a`,
    )
    expect(registerCommands(setting)[0]).toContain(
      `kubectl get secret ${cluster} --namespace flyte flyte-pod-webhook `,
    )
  })

  it.each([
    {
      of: 'the URL, without its token',
      url: 'https://10.1.2.3:8443/cluster/a-token/mutate--v1-pod',
      shown: 'https://10.1.2.3:8443',
    },
    { of: 'the name', shown: 'https://hooks.example.com' },
    {
      of: 'the address',
      names: { dnsNames: [], ipAddresses: ['2001:db8::1'] },
      shown: "'https://[2001:db8::1]'",
    },
  ])('register under $of', async ({ url, names, shown }) => {
    const options = { directory: 'certs', ...(url !== undefined && { url }) }
    const [command] = registerCommands(await settingOf(options, names))
    expect(command).toContain(`register --url ${shown} --cluster … --token-file … --ca-bundle certs/ca.crt  `)
  })
})
