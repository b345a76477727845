import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  bundleOf,
  type Certificates,
  decodeCertificates,
  encodeCertificates,
  pemOf,
} from '../../infra/certs/certificates.ts'
import { findingsOf } from '../../infra/certs/inspection.ts'
import { dayMs } from '../../infra/certs/lifetime.ts'
import { activateRotation, createCertificates, prepareRotation } from '../../infra/certs/rotation.ts'
import { namesOfCertificate, namesOfUrl } from '../../infra/certs/server-names.ts'
import { isAccepted, opensslVerify, wish } from '../support/certificates.ts'

const now = new Date()
const later = (days: number): Date => new Date(now.getTime() + days * dayMs)

const prepare = async (before: Certificates, options: Partial<Parameters<typeof prepareRotation>[1]> = {}) =>
  prepareRotation(before, { wish: {}, force: false, now, ...options })

/** Creates certificates in the middle of a forced rotation. */
const prepared = async (): Promise<Certificates & { next: NonNullable<Certificates['next']> }> => {
  const { certificates } = await prepare(await createCertificates(wish, now), { force: true })
  if (certificates.next === undefined) throw new Error('nothing was prepared')
  return { ...certificates, next: certificates.next }
}

describe('new certificates', () => {
  const rows = [
    {
      url: 'https://hooks.example.com/cluster/token/mutate--v1-pod',
      verify: ['-verify_hostname', 'hooks.example.com'],
    },
    { url: 'https://10.1.2.3:8443/', verify: ['-verify_ip', '10.1.2.3'] },
    { url: 'https://[2001:db8::1]/', verify: ['-verify_ip', '2001:db8::1'] },
    {
      url: `https://${'long-name.'.repeat(8)}example.com/`,
      verify: ['-verify_hostname', `${'long-name.'.repeat(8)}example.com`],
    },
  ]
  it.each(rows)(
    'pass openssl verify -x509_strict $verify, also after a rotation',
    async ({ url, verify }) => {
      const first = await createCertificates({ ...wish, names: namesOfUrl(url) }, now)
      const { certificates } = await prepare(first, { force: true })
      const second = activateRotation(certificates, now).certificates
      for (const { certificate } of [first.current, second.current])
        expect(
          await opensslVerify(certificate.toString(), bundleOf(second.authorities), ...verify),
        ).toContain(': OK')
    },
  )

  it.each([
    { algorithm: 'ecdsa', type: 'ec', details: { namedCurve: 'prime256v1' } },
    { algorithm: 'rsa', type: 'rsa', details: { modulusLength: 2048, publicExponent: 65537n } },
  ] as const)(
    'have keys of $type that a handshake accepts, also after a rotation',
    async ({ algorithm, type, details }) => {
      const first = await createCertificates({ ...wish, algorithm }, now)
      const { certificates } = activateRotation((await prepare(first, { force: true })).certificates, now)
      for (const { current, authorities } of [first, certificates]) {
        expect(current.certificate.publicKey.asymmetricKeyType).toBe(type)
        expect(current.certificate.publicKey.asymmetricKeyDetails).toEqual(details)
        expect(await opensslVerify(current.certificate.toString(), bundleOf(authorities))).toContain(': OK')
        expect(await isAccepted(current, { ...first, authorities })).toBe(true)
        expect(await isAccepted(current, { ...first, authorities }, 'other.example.com')).toBe(false)
      }
    },
  )

  it('are valid for the given days, and an hour before', async () => {
    const { authorities, current } = await createCertificates({ ...wish, validityDays: 90 }, now)
    const seconds = (date: Date): number => Math.floor(date.getTime() / 1000)
    expect(seconds(current.certificate.validFromDate)).toBe(seconds(now) - 3600)
    expect(seconds(current.certificate.validToDate)).toBe(seconds(later(90)))
    expect(authorities.map(({ validToDate }) => seconds(validToDate))).toEqual([seconds(later(3650))])
  })

  it('are refused if the authority would expire first', async () => {
    await expect(createCertificates({ ...wish, authorityValidityDays: 364 }, now)).rejects.toThrow(
      '--ca-validity-days',
    )
  })

  it('show nothing of a key when printed', async () => {
    const certificates = await createCertificates(wish, now)
    const secret = pemOf(certificates.current.key).split('\n')[1] ?? ''
    expect(secret.length).toBeGreaterThan(40)
    expect(inspect(certificates, { depth: 9, showHidden: true })).not.toContain(secret)
    expect(JSON.stringify(certificates)).not.toContain(secret)
  })
})

describe('a rotation', () => {
  it('keeps the server unchanged until it is activated, and its bundle accepts both certificates', async () => {
    const before = await createCertificates(wish, now)
    const { step, certificates: during } = await prepare(before, { force: true })
    expect(step).toBe('prepared')
    expect(during.current).toBe(before.current)
    const { certificates: after } = activateRotation(during, now)
    expect(after.current).toBe(during.next)
    expect(after.next).toBeUndefined()
    // A client with the new bundle accepts both certificates, a client with the old one only the old certificate.
    for (const trust of [during, after]) {
      expect(await isAccepted(before.current, trust)).toBe(true)
      expect(await isAccepted(after.current, trust)).toBe(true)
    }
    expect(await isAccepted(after.current, before)).toBe(false)
  })

  it.each([
    { days: 200, step: 'idle' },
    { days: 242, step: 'idle' },
    { days: 244, step: 'prepared' },
    { days: 400, step: 'prepared' },
  ])('after $days of 365 days: $step', async ({ days, step }) => {
    const before = await createCertificates(wish, now)
    const rotation = await prepare(before, { now: later(days) })
    expect(rotation.step).toBe(step)
    expect(rotation.certificates === before).toBe(step === 'idle')
  })

  it('creates a certificate like the previous one', async () => {
    const names = { dnsNames: [], ipAddresses: ['2001:db8::1'] }
    const asked = { names, algorithm: 'rsa', validityDays: 90, authorityValidityDays: 400 } as const
    const { certificates } = await prepare(await createCertificates(asked, now), { force: true })
    const next = certificates.next?.certificate
    expect(next && namesOfCertificate(next).ipAddresses).toEqual(['2001:DB8:0:0:0:0:0:1'])
    expect(next?.publicKey.asymmetricKeyType).toBe('rsa')
    expect(next?.validToDate).toEqual(certificates.current.certificate.validToDate)
    expect(certificates.authorities[0]?.validToDate).toEqual(certificates.authorities[1]?.validToDate)
  })

  it('is due if the URL has another host', async () => {
    const names = namesOfUrl('https://new.example.com')
    const { step, certificates } = await prepare(await createCertificates(wish, now), { wish: { names } })
    expect(step).toBe('prepared')
    expect(certificates.next && namesOfCertificate(certificates.next.certificate)).toEqual(names)
  })

  it('keeps a prepared certificate, even if forced: a cluster may know its authority', async () => {
    const before = await prepared()
    expect(await prepare(before, { force: true })).toEqual({ step: 'waiting', certificates: before })
  })

  it('refuses other names while a certificate waits', async () => {
    const names = namesOfUrl('https://new.example.com')
    await expect(prepare(await prepared(), { wish: { names } })).rejects.toThrow('--activate')
  })

  it('replaces a waiting certificate that is itself due, and drops its authority', async () => {
    const before = await prepared()
    const { step, certificates } = await prepare(before, { now: later(300) })
    expect(step).toBe('prepared')
    expect(certificates.next).not.toBe(before.next)
    expect(certificates.authorities).toEqual([expect.anything(), before.authorities[1]])
    expect(certificates.authorities).not.toContain(before.authorities[0])
  })

  it('keeps the authority of the served certificate, even if it is also the leftover next one', async () => {
    const before = await prepared()
    const left = { ...before, current: before.next, retired: [before.current.certificate] }
    const { step, certificates } = await prepare(left, { now: later(300) })
    expect(step).toBe('prepared')
    expect(await isAccepted(left.current, certificates)).toBe(true)
  })

  it('replaces a certificate that does not match its key', async () => {
    const before = await prepared()
    const broken = { ...before, next: { ...before.next, key: before.current.key } }
    const { step, certificates } = await prepare(broken, { force: true })
    expect(step).toBe('prepared')
    expect(activateRotation(certificates, now).step).toBe('activated')
  })

  it('changes nothing if no certificate waits to be activated', async () => {
    const before = await createCertificates(wish, now)
    expect(activateRotation(before, now)).toEqual({ step: 'nothing-prepared', certificates: before })
  })

  it.each([
    { what: 'has expired', change: (before: Certificates) => before, at: later(366) },
    {
      what: 'does not match its key',
      change: (before: Certificates & { next: NonNullable<Certificates['next']> }) => ({
        ...before,
        next: { ...before.next, key: before.current.key },
      }),
    },
    {
      what: 'no authority of the bundle has signed',
      change: (before: Certificates) => ({ ...before, authorities: before.authorities.slice(1) }),
    },
  ])('refuses to activate a certificate that $what', async ({ change, at = now }) => {
    const before = change(await prepared())
    expect(() => activateRotation(before, at)).toThrow(/^the next certificate/u)
  })

  it('drops the old authority only when its last certificate has expired', async () => {
    const first = await createCertificates(wish, now)
    const { certificates: during } = await prepare(first, { now: later(300) })
    const { certificates } = activateRotation(during, later(300))
    expect(certificates.retired).toEqual([first.current.certificate])
    expect(await prepare(certificates, { now: later(364) })).toEqual({ step: 'idle', certificates })
    const tidied = await prepare(certificates, { now: later(366) })
    expect(tidied.step).toBe('tidied')
    expect(tidied.certificates.authorities).toEqual(certificates.authorities.slice(0, 1))
    expect(tidied.certificates.retired).toEqual([])
  })

  it('keeps authorities that an operator has added to the bundle', async () => {
    const foreign = await createCertificates(wish, now)
    const first = await createCertificates(wish, now)
    const joined = { ...first, authorities: [...first.authorities, ...foreign.authorities] }
    const { certificates } = activateRotation((await prepare(joined, { force: true })).certificates, now)
    const tidied = await prepare(certificates, { now: later(366), force: true })
    expect(tidied.certificates.authorities).toContain(foreign.authorities[0])
    expect(tidied.certificates.authorities).not.toContain(first.authorities[0])
  })
})

describe('certificates as files', () => {
  it.each([
    { when: 'new', make: () => createCertificates(wish, now) },
    { when: 'prepared', make: prepared },
    { when: 'activated', make: async () => activateRotation(await prepared(), now).certificates },
  ])('are read as written when $when', async ({ make }) => {
    const files = encodeCertificates(await make())
    const read = decodeCertificates(files, 'here')
    expect(read && encodeCertificates(read)).toEqual(files)
  })

  it('do not exist in a folder of other files', () => {
    expect(decodeCertificates({ 'other.txt': 'x' }, 'here')).toBeUndefined()
  })

  it.each([
    { what: 'the bundle is missing', spoil: { 'ca.crt': undefined }, says: 'ca.crt holds no certificate' },
    { what: 'the key is missing', spoil: { 'tls.key': undefined }, says: 'tls.key is not a private key' },
    {
      what: 'the next key is missing',
      spoil: { 'next.key': undefined },
      says: 'next.key is not a private key',
    },
    {
      what: 'a certificate is broken',
      spoil: { 'tls.crt': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' },
      says: 'tls.crt is not a certificate',
    },
  ])('are reported if $what', async ({ spoil, says }) => {
    const entries = Object.entries({ ...encodeCertificates(await prepared()), ...spoil })
    const files = Object.fromEntries(
      entries.filter((entry): entry is [string, string] => entry[1] !== undefined),
    )
    expect(() => decodeCertificates(files, 'here')).toThrow(`here: ${says}`)
  })

  it('are refused with a chain, which would be lost', async () => {
    const files = encodeCertificates(await prepared())
    expect(() =>
      decodeCertificates({ ...files, 'tls.crt': `${files['tls.crt']}${files['ca.crt']}` }, 'here'),
    ).toThrow('holds a chain')
  })
})

describe('a finding about certificates', () => {
  const rows = [
    { state: 'are new', make: () => createCertificates(wish, now), says: [] },
    { state: 'wait to be activated', make: prepared, says: ['warning: a rotation is in progress'] },
    {
      state: 'are in their last third',
      make: () => createCertificates(wish, now),
      at: later(300),
      says: ["warning: the server's certificate is in the last third"],
    },
    {
      state: 'have expired',
      make: () => createCertificates(wish, now),
      at: later(366),
      says: [
        "problem: the server's certificate has expired",
        "warning: the server's certificate is in the last third",
      ],
    },
    {
      state: 'are not valid yet',
      make: () => createCertificates(wish, later(3)),
      says: ["problem: the server's certificate is not valid yet"],
    },
    {
      state: 'have another key',
      make: async () => {
        const [one, other] = [await createCertificates(wish, now), await createCertificates(wish, now)]
        return { ...one, current: { ...one.current, key: other.current.key } }
      },
      says: ["problem: the server's certificate does not match its key"],
    },
    {
      state: 'are under another authority',
      make: async () => ({
        ...(await createCertificates(wish, now)),
        authorities: (await createCertificates(wish, now)).authorities,
      }),
      says: ["problem: the server's certificate is not signed by an authority"],
    },
  ]
  it.each(rows)('shows that they $state', async ({ make, at = now, says }) => {
    const found = findingsOf(await make(), at).map(({ level, message }) => `${level}: ${message}`)
    expect(found.map((line, index) => line.slice(0, says[index]?.length))).toEqual(says)
  })
})

describe('the names of a URL', () => {
  it.each(['http://hooks.example.com/', 'hooks.example.com', 'https://*.example.com/', ''])(
    'are refused in %o without repeating it',
    (url) => {
      expect(() => namesOfUrl(url)).toThrow(/^--url is not the https URL of a webhook: /u)
    },
  )
})
