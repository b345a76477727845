import { describe, expect, it } from 'vitest'
import { gatewayResponses } from '../../infra/resources/gateway-responses.ts'
import { undocumentedFindings, undocumentedIn } from './known.ts'

const denied = (message: string) => ({ response: { status: { details: { causes: [{ message }] } } } })

describe('an answer', () => {
  it.each([
    { what: 'a denial', body: denied('group "db", key "k": K8s: it needs a group') },
    { what: 'a warning', body: { response: { warnings: ['variable A is replaced by the secret: main'] } } },
    { what: 'an annotation', body: { response: { auditAnnotations: { injected: 'K8s:1' } } } },
    { what: 'a Status', status: 400, body: { message: 'the body is not JSON' } },
  ])('is documented: $what', ({ status = 200, body }) => {
    expect(undocumentedIn(status, body)).toEqual([])
  })

  it.each([
    { what: 'an unknown reason', body: denied('group "db", key "k": K8s: it needs a cup of tea') },
    { what: 'an unknown subject', body: denied('the tea: K8s: it needs a group') },
    { what: 'half of a reason', body: denied('group "db", key "k": K8s: a group') },
    { what: 'a word instead of a number', body: denied('the patch: it would be larger than many bytes') },
    { what: 'an unknown warning', body: { response: { warnings: ['the tea is cold'] } } },
    { what: 'an unknown annotation', body: { response: { auditAnnotations: { tea: '' } } } },
    { what: 'a message with another status', status: 500, body: { message: 'the body is not JSON' } },
  ])('is not documented: $what', ({ status = 200, body }) => {
    expect(undocumentedIn(status, body)).toHaveLength(1)
  })
})

describe('an answer of API Gateway in place of the function', () => {
  it('is documented, each with its status', () => {
    const responses = Object.values(gatewayResponses().Resources ?? {})
    expect(responses).toHaveLength(9)
    for (const { Properties = {} } of responses) {
      const { StatusCode, ResponseTemplates } = Properties as never
      expect(undocumentedIn(Number(StatusCode), JSON.parse(ResponseTemplates['application/json']))).toEqual(
        [],
      )
    }
  })
})

describe('a finding', () => {
  it.each([
    'it does not register itself, and no other webhook receives the same pods',
    'it does not work: it answers 500',
    'v1.37.2',
  ])('is documented: %s', (message) => expect(undocumentedFindings([{ message }])).toEqual([]))

  it.each(['none', 'it does not work: it answers'])('is not documented: %s', (message) => {
    expect(undocumentedFindings([{ message }])).toEqual([message])
  })
})
