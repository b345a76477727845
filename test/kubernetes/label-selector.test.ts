import { describe, expect, it } from 'vitest'
import { selects } from '../../infra/kubernetes/label-selector.ts'

const labels = { tier: 'tasks', team: 'a' }

describe('a label selector', () => {
  it.each([
    { selector: undefined, is: true },
    { selector: {}, is: true },
    { selector: { matchLabels: { tier: 'tasks' } }, is: true },
    { selector: { matchLabels: { tier: 'tasks', team: 'b' } }, is: false },
    { selector: { matchExpressions: [{ key: 'tier', operator: 'In', values: ['x', 'tasks'] }] }, is: true },
    { selector: { matchExpressions: [{ key: 'none', operator: 'In', values: ['x'] }] }, is: false },
    { selector: { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['tasks'] }] }, is: false },
    { selector: { matchExpressions: [{ key: 'none', operator: 'NotIn', values: ['x'] }] }, is: true },
    { selector: { matchExpressions: [{ key: 'team', operator: 'Exists' }] }, is: true },
    { selector: { matchExpressions: [{ key: 'none', operator: 'Exists' }] }, is: false },
    { selector: { matchExpressions: [{ key: 'none', operator: 'DoesNotExist' }] }, is: true },
    { selector: { matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] }, is: false },
    {
      selector: { matchLabels: { tier: 'tasks' }, matchExpressions: [{ key: 'none', operator: 'Exists' }] },
      is: false,
    },
  ])('$selector: $is', ({ selector, is }) => {
    expect(selects(selector, labels)).toBe(is)
  })
})
