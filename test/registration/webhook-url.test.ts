import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { CommandFailure } from '../../infra/failure.ts'
import {
  maskedUrl,
  parseBaseUrl,
  parseClusterName,
  parseGivenUrl,
  parseToken,
  parseWebhookUrl,
  revealedUrl,
} from '../../infra/registration/webhook-url.ts'

const token = 'abcdefghijklmnopqrstuvwxyz_ABCDEFGHIJK-0123'
const complete = `https://h.example/prod/production/${token}/mutate--v1-pod`

/** Runs `work` and returns its failure. */
const failureOf = (work: () => unknown): CommandFailure => {
  try {
    work()
  } catch (error) {
    if (error instanceof CommandFailure) return error
  }
  throw new Error('it did not fail')
}

describe('the base of a URL', () => {
  it.each([
    { text: 'https://h.example/prod', base: 'https://h.example/prod' },
    { text: 'https://h.example/prod/', base: 'https://h.example/prod' },
    { text: 'https://H.example', base: 'https://h.example' },
    { text: 'https://h.example:8443/', base: 'https://h.example:8443' },
    { text: 'https://h.example/prod/{cluster}/{token}/mutate--v1-pod', base: 'https://h.example/prod' },
    { text: 'https://h.example/{cluster}/{token}/mutate--v1-pod', base: 'https://h.example' },
  ])('is read from $text', ({ text, base }) => {
    expect(parseBaseUrl(text)).toBe(base)
  })

  it.each([
    { text: 'h.example/prod', says: 'is not a URL' },
    { text: 'http://h.example/prod', says: 'does not begin with https://' },
    { text: 'https://me@h.example/prod', says: 'contains a user' },
    { text: 'https://:pass@h.example/prod', says: 'contains a user' },
    { text: 'https://h.example/prod?', says: 'contains a query or a fragment' },
    { text: 'https://h.example/prod#x', says: 'contains a query or a fragment' },
    { text: 'https://h.example/a/b', says: 'has a path longer than a stage' },
    { text: 'https://h.example/a%2Fb', says: 'has a path longer than a stage' },
    { text: complete, says: 'has a path longer than a stage' },
  ])('is not read from $text, which is not repeated', ({ text, says }) => {
    const failure = failureOf(() => parseBaseUrl(text))
    expect(failure).toMatchObject({ status: 2, message: expect.stringContaining(says) })
    expect(failure.message).not.toContain(text)
    expect(failure.message).not.toContain(token)
  })
})

describe('the URL of a command line', () => {
  it('is complete, or only a base', () => {
    const { base, cluster, token: given } = parseGivenUrl(complete)
    expect({ base, cluster, token: given?.reveal() }).toEqual({
      base: 'https://h.example/prod',
      cluster: 'production',
      token,
    })
    expect(parseGivenUrl('https://h.example/{cluster}/{token}/mutate--v1-pod')).toEqual({
      base: 'https://h.example',
    })
  })

  it.each([
    { what: 'a short token', text: complete.replace(token, 'short-token') },
    { what: 'a name that no cluster can have', text: complete.replace('/production/', '/Production/') },
    { what: 'another resource', text: complete.replace('mutate--v1-pod', 'healthz') },
  ])('is not complete with $what, which is not repeated', ({ text }) => {
    const failure = failureOf(() => parseGivenUrl(text))
    expect(failure.status).toBe(2)
    expect(failure.message).not.toMatch(/short-token|abcdefgh/)
  })
})

describe('a token', () => {
  it('has 43 characters, ignoring white space around it in a file', () => {
    expect(parseToken(` ${token}\n`).reveal()).toBe(token)
  })

  it.each(['', 'short', `${token}x`, `${token.slice(1)}=`, `${token.slice(2)}/x`])(
    'is not %j, which is not repeated',
    (text) => {
      const failure = failureOf(() => parseToken(text))
      expect(failure.status).toBe(2)
      if (text !== '') expect(failure.message).not.toContain(text)
    },
  )
})

describe('a name of a cluster', () => {
  it('needs no escapes in a URL', () => {
    expect(parseClusterName('prod-eu-1')).toBe('prod-eu-1')
  })

  it.each(['', 'a/b', 'a b', 'ä', 'Prod', 'prod_1', 'a'.repeat(64)])('is not %j', (text) => {
    expect(failureOf(() => parseClusterName(text)).status).toBe(2)
  })
})

describe('a registered URL', () => {
  it.each([complete, `https://h.example:8443/c/${token}/mutate--v1-pod`])(
    'is read and written alike: %s',
    (text) => {
      const url = parseWebhookUrl(text)
      expect(url && revealedUrl(url)).toBe(text)
      expect(url && revealedUrl(url, 'healthz')).toBe(text.replace('mutate--v1-pod', 'healthz'))
    },
  )

  it.each([
    'https://h.example/mutate--v1-pod',
    `http://h.example/c/${token}/mutate--v1-pod`,
    `https://h.example/a/b/c/${token}/mutate--v1-pod`,
    `${complete}?x`,
    '',
  ])('of another webhook is not recognized: %s', (text) => {
    expect(parseWebhookUrl(text)).toBeUndefined()
  })

  it('shows its token nowhere', () => {
    const url = parseWebhookUrl(complete)
    expect(inspect(url, { depth: 9 }) + JSON.stringify(url) + String(url?.token)).not.toContain(token)
  })

  it.each([
    { text: complete, shown: 'https://h.example/prod/production/***/mutate--v1-pod' },
    { text: `https://h.example/other/${token}`, shown: 'https://h.example/***' },
    { text: 'nothing', shown: '/***' },
  ])('is masked as $shown', ({ text, shown }) => {
    expect(maskedUrl(text)).toBe(shown)
  })
})
