import { describe, expect, test } from 'vitest'
import { createJsonSchema } from '../../infra/config/json-schema.ts'
import { isObject } from '../../lib/json.ts'
import { configOf, problemsOf } from './outcome.ts'

const yaml = (resources: object): string => JSON.stringify({ webhook: { awsSecretManager: { resources } } })
const path = 'webhook.awsSecretManager.resources'
const defaults = { cpu: '200m', memory: '500Mi' }

/** Returns the paths of all `resources` keys below a node of the JSON Schema. */
const resourcesBelow = (node: unknown): readonly string[] =>
  Object.entries(isObject(node) && isObject(node['properties']) ? node['properties'] : {}).flatMap(
    ([name, inner]) =>
      name === 'resources' ? [name] : resourcesBelow(inner).map((rest) => `${name}.${rest}`),
  )

const everyPath = resourcesBelow(createJsonSchema())

describe('resources', () => {
  test('occur at several keys of a configuration', () => {
    expect(everyPath).toContain(path)
    expect(everyPath).toContain('webhook.embeddedSecretManagerConfig.fileMountInitContainer.resources')
  })

  test.each(everyPath)('cannot request more than their limits: %s', (key) => {
    const requests = { cpu: '1000' }
    const text = key.split('.').reduceRight<object>((inner, name) => ({ [name]: inner }), { requests })
    expect(problemsOf(JSON.stringify({ ...text, function: { profile: 'flyte1' } }))).toEqual([
      expect.stringContaining(`${key}.requests.cpu: the request 1k exceeds the limit`),
    ])
  })

  const cases = [
    { written: {}, requests: defaults, limits: defaults },
    { written: { requests: { cpu: '50m' } }, requests: { cpu: '50m', memory: '500Mi' }, limits: defaults },
    { written: { limits: { cpu: 2 } }, requests: defaults, limits: { cpu: '2', memory: '500Mi' } },
    { written: { requests: { cpu: 0.05 } }, requests: { cpu: '50m', memory: '500Mi' }, limits: defaults },
    {
      written: { requests: { memory: '0.25Gi' } },
      requests: { cpu: '200m', memory: '256Mi' },
      limits: defaults,
    },
    {
      written: { requests: { cpu: 0 }, limits: { cpu: 0 } },
      requests: { cpu: '0', memory: '500Mi' },
      limits: { cpu: '0', memory: '500Mi' },
    },
    {
      written: { limits: { 'ephemeral-storage': '1Gi' } },
      requests: defaults,
      limits: { ...defaults, 'ephemeral-storage': '1Gi' },
    },
    {
      written: { requests: { 'ephemeral-storage': '1Gi' } },
      requests: { ...defaults, 'ephemeral-storage': '1Gi' },
      limits: defaults,
    },
    {
      written: { limits: { 'example.com/dongle': 1 } },
      requests: defaults,
      limits: { ...defaults, 'example.com/dongle': '1' },
    },
    {
      written: { requests: { 'example.com/dongle': '1000m' }, limits: { 'example.com/dongle': 1 } },
      requests: { ...defaults, 'example.com/dongle': '1' },
      limits: { ...defaults, 'example.com/dongle': '1' },
    },
    {
      written: { requests: { 'hugepages-2Mi': '4Mi' }, limits: { 'hugepages-2Mi': '4096Ki' } },
      requests: { ...defaults, 'hugepages-2Mi': '4Mi' },
      limits: { ...defaults, 'hugepages-2Mi': '4Mi' },
    },
    {
      written: { requests: { 'node.kubernetes.io/x': '1m' } },
      requests: { ...defaults, 'node.kubernetes.io/x': '1m' },
      limits: defaults,
    },
  ]
  test.each(cases)(
    '$written are merged into the defaults, in canonical notation',
    ({ written, requests, limits }) => {
      expect(configOf(yaml(written)).webhook.awsSecretManager.resources).toEqual({ requests, limits })
    },
  )

  const quantities = [
    '',
    'lots',
    '-1',
    -1,
    '1 Gi',
    '500mi',
    '500MB',
    '1e1000',
    '8Ei',
    true,
    null,
    [],
    {},
  ].map((cpu) => ({ cpu }))
  test.each(quantities)('cannot be $cpu', ({ cpu }) => {
    expect(problemsOf(yaml({ limits: { cpu } }))).toEqual([
      expect.stringContaining(`1 ${path}.limits.cpu: must be a Kubernetes quantity that is not negative`),
    ])
  })

  const names = [
    'gpu',
    'CPU',
    'pods',
    'requests.cpu',
    'requests.example.com/a',
    'a b/c',
    '/a',
    `d.io/${'n'.repeat(64)}`,
    '',
  ].map((name) => ({ name }))
  test.each(names)('cannot name $name', ({ name }) => {
    expect(problemsOf(yaml({ limits: { [name]: 1 } }))).toEqual([
      expect.stringContaining('is not a resource that a container can have'),
    ])
  })

  const conflicts = [
    {
      about: 'an explicit request over the default limit',
      written: { requests: { memory: '501Mi' } },
      at: 'requests.memory',
      says: 'the request 501Mi exceeds the limit 500Mi',
    },
    {
      about: 'an explicit limit under the default request',
      written: { limits: { memory: '64Mi' } },
      at: 'limits.memory',
      says: 'the request 500Mi exceeds the limit 64Mi',
    },
    {
      about: 'a request that is one byte over the limit',
      written: { requests: { memory: '524288001' } },
      at: 'requests.memory',
      says: 'the request 524288001 exceeds the limit 500Mi',
    },
    {
      about: 'a request of something countable without a limit',
      written: { requests: { 'example.com/dongle': 1 } },
      at: 'requests["example.com/dongle"]',
      says: 'must be the same in requests and limits',
    },
    {
      about: 'a request of something countable under its limit',
      written: { requests: { 'example.com/dongle': 1 }, limits: { 'example.com/dongle': 2 } },
      at: 'requests["example.com/dongle"]',
      says: 'must be the same in requests and limits',
    },
    {
      about: 'a part of something countable',
      written: { limits: { 'example.com/dongle': '0.5' } },
      at: 'limits["example.com/dongle"]',
      says: 'must be a whole number',
    },
    {
      about: 'huge pages under their limit',
      written: { requests: { 'hugepages-2Mi': '2Mi' }, limits: { 'hugepages-2Mi': '4Mi' } },
      at: 'requests.hugepages-2Mi',
      says: 'must be the same in requests and limits',
    },
  ]
  test.each(conflicts)('cannot have $about', ({ written, at, says }) => {
    expect(problemsOf(yaml(written))).toEqual([expect.stringContaining(`1 ${path}.${at}: ${says}`)])
  })

  test('are not compared with an invalid quantity', () => {
    expect(problemsOf(yaml({ requests: { cpu: '9' }, limits: { cpu: 'x' } }))).toEqual([
      expect.stringContaining('limits.cpu: must be a Kubernetes quantity'),
    ])
  })
})
