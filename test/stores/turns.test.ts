import { expect, it } from 'vitest'
import { createTurns } from '../../lib/stores/turns.ts'
import { settled } from '../support/fake-source.ts'

it('runs some tasks at once and the others in order, even after one fails', async () => {
  const takeTurn = createTurns(2)
  const begun: number[] = []
  const tasks = Array.from({ length: 5 }, () => Promise.withResolvers<string>())
  const results = tasks.map(({ promise }, index) =>
    takeTurn(() => {
      begun.push(index)
      return promise
    }).catch((error: unknown) => String(error)),
  )
  await settled()
  expect(begun).toEqual([0, 1])
  tasks[1]?.reject(new Error('failed'))
  await settled()
  expect(begun).toEqual([0, 1, 2])
  tasks[0]?.resolve('a')
  await settled()
  expect(begun).toEqual([0, 1, 2, 3])
  for (const { resolve } of tasks) resolve('b')
  expect(await Promise.all(results)).toEqual(['a', 'Error: failed', 'b', 'b', 'b'])
  expect(begun).toEqual([0, 1, 2, 3, 4])
})
