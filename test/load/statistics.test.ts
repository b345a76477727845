import { describe, expect, it } from 'vitest'
import { percentile } from './statistics.ts'
import { growthBytes } from './soak.ts'

describe('a percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
  it.each([
    { numbers: hundred, share: 0.5, is: 50 },
    { numbers: hundred, share: 0.99, is: 99 },
    { numbers: hundred, share: 1, is: 100 },
    { numbers: [7], share: 0.5, is: 7 },
    { numbers: [9, 10], share: 0.99, is: 10 },
    { numbers: [9, 10], share: 0, is: 9 },
  ])('of $share is the nearest rank: $is', ({ numbers, share, is }) => {
    expect(percentile(numbers, share)).toBe(is)
  })
})

describe('growth', () => {
  const heap = (...workers: readonly number[]) => ({ main: 0, workers })

  it('is the sum over all threads, divided by the reviews', () => {
    expect(growthBytes(heap(100, 200), heap(1100, 1200), 10)).toBe(200)
  })

  it('is zero if only a thread is added', () => {
    expect(growthBytes(heap(100, 100), heap(100, 100, 100), 10)).toBe(0)
  })
})
