import { expect, it } from 'vitest'
import { createFlights } from '../../lib/stores/flights.ts'
import { absent, FakeSource } from '../support/fake-source.ts'

it('begins another flight once one has landed, though callers of that one are slow to leave', async () => {
  const source = new FakeSource()
  const flights = createFlights({ source, now: () => 0, onLanded: () => undefined })
  const landed = flights.join('db')
  source.calls[0]?.answer(absent)
  await landed.result

  const next = flights.join('db')
  landed.leave()
  flights.join('db')
  expect(source.calls.map(({ signal }) => signal.aborted)).toEqual([false, false])
  next.leave()
  expect(source.calls[1]?.signal.aborted).toBe(false)
})
