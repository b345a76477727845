import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCertificateChain } from '../../infra/certs/certificate-chain.ts'
import { ensureCertificates } from '../../infra/certs/certificate-folder.ts'
import { shakeHands } from '../support/handshake.ts'

const dayMs = 24 * 60 * 60 * 1000
const now = new Date()
const later = (days: number): Date => new Date(now.getTime() + days * dayMs)

let parent: string
let folder: string
let made = 0
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'certs-'))
})
beforeEach(() => {
  folder = join(parent, `${made++}`)
})
afterAll(() => rm(parent, { recursive: true }))

const pem = (name: string): Promise<string> => readFile(join(folder, name), 'utf8')

/** Whether a TLS client that trusts the folder's authority accepts its server under this name. */
const accepts = async (servername: string): Promise<boolean> =>
  shakeHands({ cert: await pem('cert.pem'), key: await pem('key.pem'), ca: await pem('ca.pem'), servername })

describe('certificates for localhost', () => {
  it('are accepted by a TLS client for localhost, and for no other host', async () => {
    await ensureCertificates(folder, now)
    expect(await accepts('localhost')).toBe(true)
    expect(await accepts('example.org')).toBe(false)
  })

  it.each(['-verify_hostname localhost', '-verify_ip 127.0.0.1', '-verify_ip ::1'])(
    'pass openssl verify -x509_strict %s',
    async (whom) => {
      const { caFile } = await ensureCertificates(folder, now)
      const args = ['verify', '-x509_strict', '-purpose', 'sslserver', ...whom.split(' '), '-CAfile', caFile]
      expect(execFileSync('openssl', [...args, join(folder, 'cert.pem')], { encoding: 'utf8' })).toContain(
        ': OK',
      )
    },
  )

  it('are ECDSA P-256, and valid for less than the 398 days that clients accept', async () => {
    await ensureCertificates(folder, now)
    const cert = new X509Certificate(await pem('cert.pem'))
    expect(cert.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' })
    expect(cert.validToDate.getTime() - cert.validFromDate.getTime()).toBeLessThan(398 * dayMs)
    expect(cert.validFromDate.getTime()).toBeLessThan(now.getTime())
  })

  it('have a key that only its owner can read, even if a file of that name was open to all', async () => {
    await ensureCertificates(folder, now)
    expect((await stat(join(folder, 'key.pem'))).mode & 0o777).toBe(0o600)
    await rm(join(folder, 'key.pem'))
    await writeFile(join(folder, 'key.pem'), 'no key', { mode: 0o644 })
    await ensureCertificates(folder, now)
    expect((await stat(join(folder, 'key.pem'))).mode & 0o777).toBe(0o600)
  })

  it('are kept as long as they are valid', async () => {
    await ensureCertificates(folder, now)
    const before = await pem('cert.pem')
    expect((await ensureCertificates(folder, later(395))).made).toBeUndefined()
    expect(await pem('cert.pem')).toBe(before)
  })

  it('also cover a given host, and still localhost', async () => {
    await ensureCertificates(folder, now)
    expect((await ensureCertificates(folder, now, '172.18.0.1')).made).toEqual({
      why: 'the old ones did not cover 172.18.0.1',
    })
    expect((await ensureCertificates(folder, now)).made).toBeUndefined()
    expect((await ensureCertificates(folder, now, 'host.docker.internal')).made).toEqual({
      why: 'the old ones did not cover host.docker.internal',
    })
  })

  const faults = [
    { fault: 'do not exist', spoil: () => rm(folder, { recursive: true }), why: 'none existed' },
    {
      fault: 'expire within a day',
      spoil: () => undefined,
      at: later(396.5),
      why: 'the old ones had less than a day left',
    },
    {
      fault: 'are not PEM',
      spoil: () => writeFile(join(folder, 'ca.pem'), 'x'),
      why: 'the old ones were unreadable',
    },
    { fault: 'lack their key', spoil: () => rm(join(folder, 'key.pem')), why: 'none existed' },
    {
      fault: 'have another key',
      spoil: async () => writeFile(join(folder, 'key.pem'), (await chainFor(['localhost'])).key),
      why: 'the old ones did not match',
    },
    {
      fault: 'have another authority',
      spoil: async () => writeFile(join(folder, 'ca.pem'), (await chainFor(['localhost'])).ca),
      why: 'the old ones did not match',
    },
    {
      fault: 'are for another host',
      spoil: async () => {
        const chain = await chainFor(['example.org'])
        for (const name of ['ca', 'cert', 'key'] as const)
          await writeFile(join(folder, `${name}.pem`), chain[name])
      },
      why: 'the old ones did not cover localhost',
    },
  ]
  it.each(faults)('are created again if they $fault', async ({ spoil, at = now, why }) => {
    await ensureCertificates(folder, now)
    await spoil()
    expect((await ensureCertificates(folder, at)).made).toEqual({ why })
    expect((await ensureCertificates(folder, at)).made).toBeUndefined()
    // The handshake uses this machine's clock.
    if (at === now) expect(await accepts('localhost')).toBe(true)
  })
})

const chainFor = (dnsNames: readonly string[]) =>
  createCertificateChain({
    dnsNames,
    ipAddresses: ['127.0.0.1', '::1'],
    notBefore: now,
    notAfter: later(100),
  })
