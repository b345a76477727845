import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { haveSameNames } from '../../infra/certs/server-names.ts'

/** Creates a certificate with openssl, with these alternative names or without any. */
const certificateFor = (subjectAltName: string): X509Certificate => {
  const names = subjectAltName === '' ? [] : ['-addext', `subjectAltName=${subjectAltName}`]
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const args = [...request, '-subj', '/CN=hooks.example.com', '-keyout', '/dev/null', ...names]
  return new X509Certificate(execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] }))
}

describe('two certificates have the same names', () => {
  it.each([
    { one: 'DNS:hooks.example.com', other: 'DNS:hooks.example.com', same: true },
    { one: 'DNS:a.example,IP:::1', other: 'IP:::1,DNS:A.example', same: true },
    { one: 'DNS:hooks.example.com', other: 'DNS:*.example.com', same: false },
    { one: 'DNS:hooks.example.com', other: 'DNS:hooks.example.com,DNS:other.example.com', same: false },
    { one: 'DNS:hooks.example.com', other: 'DNS:hooks.example.com,URI:spiffe://a/b', same: false },
    { one: 'DNS:hooks.example.com', other: '', same: false },
    { one: '', other: '', same: false },
  ])('of "$one" and "$other": $same', ({ one, other, same }) => {
    expect(haveSameNames(certificateFor(one), certificateFor(other))).toBe(same)
    expect(haveSameNames(certificateFor(other), certificateFor(one))).toBe(same)
  })
})
