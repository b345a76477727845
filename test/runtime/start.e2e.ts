import { describe, expect, it } from 'vitest'
import { figuresText, measure } from './figures.ts'
import { areProgramsInstalled } from './programs.ts'

describe.skipIf(!areProgramsInstalled)('the packaged function on Lambda’s runtime interface', () => {
  it('starts, and uses at most half of its memory even for the largest event', async () => {
    const figures = await measure()
    console.log(figuresText(figures, new Date()))
    for (const { memoryMb, peaks } of figures)
      expect(peaks.largest).toBeLessThan((memoryMb * 1024 * 1024) / 2)
  })
})
