import { describe, expect, it } from 'vitest'
import { learn } from '../../infra/doctor/fact.ts'
import { CommandFailure } from '../../infra/failure.ts'
import { ApiFailure } from '../../infra/kubernetes/cluster.ts'
import { token } from './healthy.ts'

const refused = (message: string, code: number) =>
  new ApiFailure(`could not do it: ${message}`, { code, reason: '', cause: undefined })

describe('a fact that the API server does not reveal', () => {
  it.each([
    {
      what: 'a missing permission, by its name',
      error: refused(
        'deployments.apps is forbidden: User "alice" cannot list resource "deployments" in API group "apps" at the cluster scope',
        403,
      ),
      why: 'this user cannot list deployments.apps: allow it with an RBAC role',
    },
    {
      what: 'a permission of the core group',
      error: refused(
        'pods is forbidden: User "alice" cannot create resource "pods" in API group "" in the namespace "default"',
        403,
      ),
      why: 'this user cannot create pods: allow it with an RBAC role',
    },
    {
      what: 'another refusal, verbatim',
      error: refused('pods "x" is forbidden: violates PodSecurity "restricted:latest"', 403),
      why: 'could not do it: pods "x" is forbidden: violates PodSecurity "restricted:latest"',
    },
    {
      what: 'no answer, without the token',
      error: new CommandFailure(`could not do it: Post "https://h/prod/c/${token}/mutate--v1-pod": no route`),
      why: 'could not do it: Post "https://h/prod/<cluster>/<token>/mutate--v1-pod": no route',
    },
  ])('is $what', async ({ error, why }) => {
    expect(await learn(Promise.reject(error))).toEqual({ kind: 'unknown', why })
  })

  it('does not hide an error in this program', async () => {
    await expect(learn(Promise.reject(new TypeError('no')))).rejects.toThrow(TypeError)
  })
})
