import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ACMClient,
  GetCertificateCommand,
  ImportCertificateCommand,
  ListCertificatesCommand,
} from '@aws-sdk/client-acm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCertificateChain } from '../../infra/certs/certificate-chain.ts'
import { host, opensslVerify } from '../support/certificates.ts'
import { certs, killedAtEachCall } from '../support/certs-command.ts'
import { FaultyProxy } from '../support/faulty-proxy.ts'
import { awsEnvironment, Moto } from '../support/moto.ts'
import { isMotoInstalled } from '../support/moto-environment.ts'

describe.skipIf(!isMotoInstalled)('flyte-webhook certs, with ACM', { timeout: 120_000 }, () => {
  let moto: Moto
  let proxy: FaultyProxy
  let acm: ACMClient
  let parent: string
  let directory: string
  let made = 0
  let env: Record<string, string>

  beforeAll(async () => {
    moto = await Moto.start()
    proxy = await FaultyProxy.start(moto.port)
    env = { ...awsEnvironment, AWS_ENDPOINT_URL: proxy.endpoint }
    acm = new ACMClient({
      endpoint: moto.endpoint,
      region: awsEnvironment.AWS_REGION,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    })
    parent = await mkdtemp(join(tmpdir(), 'certs-acm-'))
  }, 60_000)
  afterAll(async () => {
    proxy.stop()
    await moto.stop()
    await rm(parent, { recursive: true })
  })
  beforeEach(async () => {
    directory = join(parent, `${made++}`)
    proxy.reset()
    await fetch(`${moto.endpoint}/moto-api/reset`, { method: 'POST' })
  })

  const arns = async (): Promise<readonly string[]> => {
    const { CertificateSummaryList: list = [] } = await acm.send(new ListCertificatesCommand({}))
    return list.map(({ CertificateArn: arn = '' }) => arn)
  }
  const imported = async (arn: string) => {
    const { Certificate: cert = '', CertificateChain: chain = '' } = await acm.send(
      new GetCertificateCommand({ CertificateArn: arn }),
    )
    return { cert, chain }
  }
  const pem = (name: string): Promise<string> => readFile(join(directory, name), 'utf8')
  const init = async (...more: readonly string[]): Promise<string> => {
    const args = ['init', '--url', `https://${host}/`, '--directory', directory, '--acm', 'new', '-o', 'json']
    const { status, stdout, stderr } = await certs([...args, ...more], { env })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    return JSON.parse(stdout).acm.arn
  }
  const rotate = (arn: string, ...more: readonly string[]) =>
    certs(['rotate', '--directory', directory, '--acm', arn, ...more], { env })
  const status = (arn: string) => certs(['status', '--directory', directory, '--acm', arn], { env })

  it.each(['ecdsa', 'rsa'])(
    'imports a certificate (%s) with its authority, and a rotation under the same ARN',
    async (algorithm) => {
      const arn = await init('--algorithm', algorithm)
      const first = await imported(arn)
      expect(first.cert).toBe(await pem('tls.crt'))
      // moto adds Amazon's own authority to every chain.
      expect(first.chain.startsWith((await pem('ca.crt')).trimEnd())).toBe(true)
      expect(await rotate(arn, '--force')).toMatchObject({ status: 0 })
      expect(await imported(arn)).toEqual(first)
      expect(await status(arn)).toMatchObject({ status: 3 })

      expect(await rotate(arn, '--activate')).toMatchObject({
        status: 0,
        stdout: expect.stringContaining(`${arn}, imported`),
      })
      const second = await imported(arn)
      expect(second.cert).toBe(await pem('tls.crt'))
      expect(second.cert).not.toBe(first.cert)
      expect(await opensslVerify(second.cert, second.chain, '-verify_hostname', host)).toContain(': OK')
      expect(await arns()).toEqual([arn])
      expect(await status(arn)).toMatchObject({ status: 0 })
    },
  )

  it('imports nothing twice, and finds a certificate whose import was killed before it printed the ARN', async () => {
    const arn = await init()
    expect(await init()).toBe(arn)
    const again = await rotate(arn)
    expect(again.stdout).toContain(arn)
    expect(again.stdout).not.toContain('imported')
    expect(await arns()).toEqual([arn])
  })

  it('reports that ACM holds another certificate, and imports this one again', async () => {
    const arn = await init()
    expect(await certs(['rotate', '--directory', directory, '--force'])).toMatchObject({ status: 0 })
    expect(await certs(['rotate', '--directory', directory, '--activate'])).toMatchObject({ status: 0 })
    expect(await status(arn)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('ACM contains another'),
    })
    expect(await rotate(arn)).toMatchObject({ status: 0 })
    expect(await status(arn)).toMatchObject({ status: 0 })
  })

  it('asks ACM in a dry run, and changes nothing', async () => {
    const args = ['init', '--url', `https://${host}/`, '--directory', directory, '--acm', 'new', '--dry-run']
    expect(await certs(args, { env })).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('a new certificate, would be imported'),
    })
    expect(await arns()).toEqual([])
    const arn = await init()
    await rotate(arn, '--force')
    const { cert } = await imported(arn)
    expect(await rotate(arn, '--activate', '--dry-run')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`${arn}, would be imported`),
    })
    expect((await imported(arn)).cert).toBe(cert)
  })

  it('does not replace the certificate of another server', async () => {
    const arn = await init()
    const { cert } = await imported(arn)
    directory = `${directory}-other`
    const other = ['init', '--url', 'https://other.example.com/', '--directory', directory, '--acm', arn]
    expect(await certs(other, { env })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('another server'),
    })
    expect((await imported(arn)).cert).toBe(cert)
  })

  it('does not replace a certificate for this server and others', async () => {
    const wildcard = await createCertificateChain({
      dnsNames: ['*.example.com', 'example.com'],
      ipAddresses: [],
      notBefore: new Date(),
      notAfter: new Date(Date.now() + 86_400_000),
    })
    const { CertificateArn: arn = '' } = await acm.send(
      new ImportCertificateCommand({
        Certificate: Buffer.from(wildcard.cert),
        PrivateKey: Buffer.from(wildcard.key),
        CertificateChain: Buffer.from(wildcard.ca),
      }),
    )
    const args = ['init', '--url', `https://${host}/`, '--directory', directory, '--acm', arn]
    expect(await certs(args, { env })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('another server (DNS:*.example.com, DNS:example.com)'),
    })
    expect((await imported(arn)).cert).toBe(wildcard.cert)
  })

  it('follows a change of the URL under the same ARN', async () => {
    const arn = await init()
    expect(await rotate(arn, '--url', 'https://new.example.com/')).toMatchObject({ status: 0 })
    expect(await rotate(arn, '--activate')).toMatchObject({ status: 0 })
    expect(new X509Certificate((await imported(arn)).cert).subject).toBe('CN=new.example.com')
  })

  it('fails with one line if the certificate does not exist', async () => {
    await init()
    const answer = await rotate('arn:aws:acm:eu-west-1:123456789012:certificate/none')
    expect(answer).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^error: .*ResourceNotFound.*\n$/u),
    })
  })

  it('leaves one certificate wherever init is killed', async () => {
    const start = directory
    const args = ['init', '--url', `https://${host}/`, '--acm', 'new', '--directory', directory]
    const kills: string[] = []
    for await (const when of killedAtEachCall(proxy, args, env)) {
      kills.push(when)
      const arn = await init()
      expect(await arns()).toEqual([arn])
      expect((await imported(arn)).cert).toBe(await pem('tls.crt'))
      await fetch(`${moto.endpoint}/moto-api/reset`, { method: 'POST' })
      await rm(start, { recursive: true })
    }
    // Two calls, each killed twice, and the run that completes.
    expect(kills).toHaveLength(5)
  })

  it('serves a certificate that the bundle verifies wherever an activation is killed, and the next run completes it', async () => {
    const arn = await init()
    const args = ['rotate', '--activate', '--directory', directory, '--acm', arn]
    const kills: string[] = []
    await rotate(arn, '--force')
    for await (const when of killedAtEachCall(proxy, args, env)) {
      kills.push(when)
      expect(await opensslVerify((await imported(arn)).cert, await pem('ca.crt')), when).toContain(': OK')
      expect(await rotate(arn, '--activate')).toMatchObject({ status: 0 })
      expect((await imported(arn)).cert).toBe(await pem('tls.crt'))
      await rotate(arn, '--force')
    }
    expect(kills).toHaveLength(5)
    expect(new X509Certificate((await imported(arn)).cert).checkHost(host)).toBe(host)
  })
})
