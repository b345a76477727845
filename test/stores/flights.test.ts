import { expect, it } from 'vitest'
import { createCallBudget, unlimited } from '../../lib/stores/call-budget.ts'
import { createFlights } from '../../lib/stores/flights.ts'
import { absent, FakeSource } from '../support/fake-source.ts'

it('begins another flight once one has landed, even if callers of that one leave late', async () => {
  const source = new FakeSource()
  const flights = createFlights({ source, now: () => 0, onLanded: () => undefined })
  const landed = flights.join('db', unlimited)
  source.calls[0]?.answer(absent)
  await landed?.result

  const next = flights.join('db', unlimited)
  landed?.leave()
  flights.join('db', unlimited)
  expect(source.calls.map(({ signal }) => signal.aborted)).toEqual([false, false])
  next?.leave()
  expect(source.calls[1]?.signal.aborted).toBe(false)
})

it('charges each fetch and each retry to the caller who begins it, and nothing to those who join', async () => {
  const source = new FakeSource()
  const flights = createFlights({ source, now: () => 0, onLanded: () => undefined })
  const [first, second] = [createCallBudget(), createCallBudget()]
  flights.join('db', first)
  flights.join('db', second)
  const repeated = Array.from({ length: 100 }, () => source.calls[0]?.retry())
  expect(repeated).toEqual([...Array.from({ length: 99 }, () => true), false])
  expect(flights.join('api', first)).toBeUndefined()
  expect(flights.join('db', first)).toBeDefined()
  const others = Array.from({ length: 101 }, (_, index) => flights.join(`name-${index}`, second))
  expect(others.filter((flight) => flight !== undefined)).toHaveLength(100)
})
