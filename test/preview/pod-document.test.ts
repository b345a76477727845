import { describe, expect, it } from 'vitest'
import { readPodDocument } from '../../infra/preview/pod-document.ts'

const pod = 'apiVersion: v1\nkind: Pod\n'

describe('a pod document', () => {
  it.each([
    { what: 'YAML', text: pod, kind: 'Pod' },
    { what: 'JSON', text: '{"kind": "Pod"}', kind: 'Pod' },
    { what: 'YAML between document marks', text: `---\n${pod}---\n`, kind: 'Pod' },
    { what: 'an AdmissionReview', text: '{"kind": "AdmissionReview"}', kind: 'AdmissionReview' },
  ])('is read from $what', ({ text, kind }) => {
    expect(readPodDocument(text, 'f')).toMatchObject({ kind, object: { kind } })
  })

  it('keeps its keys in order', () => {
    const { object } = readPodDocument('z: 1\nkind: Pod\na: 2\n', 'f')
    expect(Object.keys(object)).toEqual(['z', 'kind', 'a'])
  })

  it.each([
    { what: 'two documents', text: `${pod}---\n${pod}`, says: 'it contains 2 YAML documents: give one' },
    { what: 'nothing', text: '# only a comment\n', says: 'it is empty' },
    { what: 'a list', text: '- a\n', says: 'it is not an object' },
    { what: 'a Deployment', text: 'kind: Deployment\n', says: 'write its template as a Pod' },
    { what: 'a CronJob', text: 'kind: CronJob\n', says: 'write its template as a Pod' },
    { what: 'another object', text: 'kind: "Service\\u001b"\n', says: '"Service\\u001b" is neither Pod nor' },
    { what: 'an object without kind', text: 'spec: {}\n', says: 'it has no kind' },
    { what: 'broken YAML', text: 'kind: Pod\na: [\n', says: 'is not closed (line 3)' },
  ])('is not $what, and the message names the file', ({ text, says }) => {
    expect(() => readPodDocument(text, 'pod.yaml')).toThrow(
      expect.objectContaining({ message: expect.stringContaining(`pod.yaml: `), status: 2 }),
    )
    expect(() => readPodDocument(text, 'pod.yaml')).toThrow(says)
  })
})
