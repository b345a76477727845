import { describe, expect, it } from 'vitest'
import { createConfigParser } from '../../lib/config/parse.ts'
import { optionsOf } from '../../lib/config/described-manager.ts'
import { defineManager } from '../../lib/manager-kit/definition.ts'
import { notMine } from '../../lib/manager-kit/manager.ts'
import { k8s } from '../../lib/managers/k8s.ts'
import type { Json } from '../support/pods.ts'

/** A manager with a key of each kind, in `function.managers`. */
const sample = defineManager({
  name: 'Sample',
  summary: 'a sample',
  makes: 'files',
  reader: 'container',
  keys: {
    host: { kind: 'text', default: 'https://api.example.com', help: 'Its API.' },
    project: { kind: 'optionalText', help: 'Its project.' },
    image: { kind: 'image', default: 'sample:1', help: 'Image of its program.' },
    other: { kind: 'optionalImage', help: 'Another image.' },
    region: { kind: 'region', help: 'Its region.' },
    place: { kind: 'dnsLabel', default: 'here', help: 'Its namespace.' },
    format: { kind: 'oneOf', of: ['plain', 'json'], default: 'plain', help: 'What a file holds.' },
    version: { kind: 'oneOf', of: ['1', '2'], default: '2', help: 'Version of its API.' },
    mode: {
      kind: 'oneOf',
      of: ['Fast', 'Slow'],
      default: 'Fast',
      ignoresCase: true,
      instead: { medium: 'there is no medium: take Slow' },
      help: 'How it works.',
    },
    resources: { kind: 'resources', default: { requests: { cpu: '1m' }, limits: { cpu: '2m' } } },
    annotations: {
      kind: 'annotations',
      refused: (all) => ('x/off' in all ? [['x/off', 'must be left out']] : []),
      help: 'Annotations.',
    },
    token: { kind: 'secretRef', help: 'Its token.' },
    names: { kind: 'patterns', help: 'Names.' },
    inner: { kind: 'section', keys: { deep: { kind: 'text', default: 'd', help: 'Deep.' } }, help: 'Inner.' },
    rules: {
      kind: 'list',
      keys: { of: { kind: 'patterns', isNeeded: true, help: 'Whose.' } },
      help: 'Rules.',
    },
    off: { kind: 'falseOnly', refusal: 'must be false: it cannot', help: 'Not here.' },
    ignored: { kind: 'unused' },
    noted: { kind: 'unusedText', help: 'Not used.' },
  },
  create: () => ({ name: 'Sample', resolve: () => notMine('never') }),
})

const parse = createConfigParser([k8s, sample])
const written = (keys: Json): string => JSON.stringify({ function: { managers: { Sample: keys } } })
const optionsFrom = (keys: Json): Json => {
  const parsed = parse(written(keys))
  if (parsed.kind === 'problems') throw new Error(JSON.stringify(parsed.problems))
  return optionsOf(sample, parsed.config)
}
const problemsOf = (keys: Json): readonly string[] => {
  const parsed = parse(written(keys))
  return parsed.kind === 'problems' ? parsed.problems.map(({ path, message }) => `${path} ${message}`) : []
}

const defaults = {
  host: 'https://api.example.com',
  image: 'sample:1',
  place: 'here',
  format: 'plain',
  version: '2',
  mode: 'Fast',
  resources: { requests: { cpu: '1m' }, limits: { cpu: '2m' } },
  annotations: {},
  inner: { deep: 'd' },
}

describe('the options of a manager', () => {
  it.each([{ keys: {} }, { keys: { host: null, format: null, inner: null, rules: null } }])(
    'are the defaults of its keys if nothing is set: $keys',
    ({ keys }) => {
      expect(optionsFrom(keys)).toEqual(defaults)
    },
  )

  it.each([
    { keys: { host: 'h', project: 'p', image: 'i', other: 'o', region: 'eu-west-1', place: 'p' } },
    { keys: { format: 'json', mode: 'slow' }, options: { format: 'json', mode: 'Slow' } },
    { keys: { version: 1 }, options: { version: '1' } },
    {
      keys: { resources: { limits: { cpu: '0.5' } } },
      options: { resources: { requests: { cpu: '1m' }, limits: { cpu: '500m' } } },
    },
    { keys: { annotations: { 'a/b': 'c' }, token: { name: 'n', key: 'k' }, names: ['a*'] } },
    { keys: { inner: { deep: 'x' }, rules: [{ of: ['y'] }] } },
    { keys: { off: false, ignored: { any: 1 }, noted: '' }, options: {} },
  ])('are the set values: $keys', ({ keys, options = keys }) => {
    expect(optionsFrom(keys)).toEqual({ ...defaults, ...options })
  })

  const at = 'function.managers.Sample'
  it.each([
    { keys: { hostt: 'x' }, says: `${at}.hostt unknown key; did you mean host?` },
    { keys: { host: ' ' }, says: `${at}.host must not be empty` },
    { keys: { image: 'a b' }, says: `${at}.image must be an image name` },
    { keys: { region: 'moon' }, says: `${at}.region must be an AWS region` },
    { keys: { place: 'A' }, says: `${at}.place must be a DNS label` },
    { keys: { format: 'jsn' }, says: `${at}.format must be plain or json; did you mean json?` },
    { keys: { version: 3 }, says: `${at}.version must be "1" or "2"` },
    { keys: { mode: 'medium' }, says: `${at}.mode there is no medium: take Slow` },
    {
      keys: { resources: { limits: { cpu: 'x' } } },
      says: `${at}.resources.limits.cpu must be a Kubernetes quantity`,
    },
    {
      keys: { resources: { requests: { cpu: '3m' } } },
      says: `${at}.resources.requests.cpu the request 3m exceeds`,
    },
    { keys: { annotations: { 'x/off': '1' } }, says: `${at}.annotations["x/off"] must be left out` },
    { keys: { token: { name: 'n' } }, says: `${at}.token.key is missing` },
    { keys: { names: [] }, says: `${at}.names must name at least one` },
    { keys: { inner: { dep: 'x' } }, says: `${at}.inner.dep unknown key; did you mean deep?` },
    { keys: { rules: [{}] }, says: `${at}.rules[0].of is missing` },
    { keys: { off: true }, says: `${at}.off must be false: it cannot` },
    { keys: { groups: [] }, says: `${at}.groups must name at least one` },
  ])('are refused by the rule of their kind: $says', ({ keys, says }) => {
    expect(problemsOf(keys)).toContainEqual(expect.stringContaining(says))
  })
})
