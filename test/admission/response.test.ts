import { describe, expect, it } from 'vitest'
import { type Decision, encodeResponse } from '../../lib/admission/response.ts'
import type { AdmissionRequest } from '../../lib/admission/review.ts'
import { denialOf } from '../../lib/admission/status.ts'

const request: AdmissionRequest = {
  apiVersion: 'admission.k8s.io/v1beta1',
  uid: '705ab4f5',
  user: 'someone',
  namespace: '',
  createdPod: {},
  bodyBytes: 1000,
}
const auditAnnotations = { config: 'abc', injected: 'K8s:1' }
const allowed = { kind: 'allowed', patch: undefined, warnings: [], auditAnnotations } as const

const answer = (decision: Decision) => JSON.parse(encodeResponse(request, decision))

/** Returns a warning as it appears in the answer. */
const warned = (warning: string): string => answer({ ...allowed, warnings: [warning] }).response.warnings[0]

describe('an answer', () => {
  it('has the version and uid of its request', () => {
    expect(answer(allowed)).toEqual({
      kind: 'AdmissionReview',
      apiVersion: 'admission.k8s.io/v1beta1',
      response: { uid: '705ab4f5', allowed: true, auditAnnotations },
    })
  })

  it('carries a patch as JSON in base64, with its type', () => {
    const patch = '[{"op":"add","path":"/spec/é","value":"$"}]'
    const { response } = answer({ ...allowed, patch })
    expect(response).toMatchObject({ allowed: true, patchType: 'JSONPatch' })
    expect(Buffer.from(response.patch, 'base64').toString()).toBe(patch)
  })

  it('denies with a status, and neither patch nor warnings', () => {
    const status = denialOf([{ by: ['flyte.secrets/s0'], what: 'group "g"', why: 'K8s: no' }])
    expect(answer({ kind: 'denied', status, auditAnnotations }).response).toEqual({
      uid: '705ab4f5',
      allowed: false,
      status,
      auditAnnotations,
    })
  })
})

describe('a warning', () => {
  it('has at most 120 characters, ending in three dots if cut', () => {
    expect(warned('w'.repeat(120))).toBe('w'.repeat(120))
    expect(warned('w'.repeat(121))).toBe(`${'w'.repeat(117)}...`)
  })

  it('is never cut inside a character', () => {
    expect(warned('🔑'.repeat(120))).toBe('🔑'.repeat(120))
    expect(warned('🔑'.repeat(121))).toBe(`${'🔑'.repeat(117)}...`)
  })

  it('has no control characters, even if their escapes make it too long', () => {
    expect(warned('a\nb')).toBe('a\\u{a}b')
    expect(warned('\n'.repeat(40))).toMatch(/^[ -~]{120}$/)
  })
})
