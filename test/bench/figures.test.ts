import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { withSection } from '../support/marked-section.ts'
import { allBodies } from './bodies.ts'
import { type BodyFigures, type Figures, figuresFile, growthsOf } from './figures.ts'
import { figuresText, performanceFile, performanceSection } from './figures-text.ts'
import { goalsOf } from './goals.ts'

const figures: Figures = JSON.parse(await readFile(figuresFile, 'utf8'))

const body = (
  change: Partial<BodyFigures> & { readonly callUs: number; readonly ratio?: number },
): BodyFigures => {
  const { callUs, ratio = 1, ...rest } = change
  const each = (call: number) => ({ floor: 1, call, withTelemetry: call, handler: call })
  return {
    name: 'plain',
    bytes: 1000,
    secrets: 1,
    telemetryUs: 1,
    times: each(callUs),
    ratios: each(ratio),
    ...rest,
  }
}

describe('the page of the speed', () => {
  it('shows the figures that `npm run bench` measured last', async () => {
    const page = await readFile(performanceFile, 'utf8')
    expect(withSection(page, performanceSection, figuresText(figures))).toBe(page)
  })

  it('has a figure of every body that is measured', () => {
    expect(figures.bodies.map(({ name }) => name)).toEqual(allBodies().map(({ name }) => name))
    expect(Object.keys(figures.memory.allocated)).toEqual(allBodies().map(({ name }) => name))
  })
})

describe('the bodies', () => {
  it('are as large as they are said to be, before they ask', () => {
    for (const { size, secrets, text } of allBodies()) {
      if (size === undefined || secrets > 1) continue
      const bytes = Buffer.byteLength(text)
      expect(bytes / (Number.parseInt(size, 10) * 1024)).toBeGreaterThan(0.98)
      expect(bytes / (Number.parseInt(size, 10) * 1024)).toBeLessThan(1.15)
    }
  })

  it('ask for as many secrets as they are said to', () => {
    for (const { secrets, text } of allBodies()) {
      expect(text.match(/"flyte\.secrets\/s\d+"/g)).toHaveLength(secrets)
    }
  })
})

describe('the growth of the cost', () => {
  it('is held against what it grows with, one step at a time', () => {
    const bodies = [
      body({ callUs: 50 }),
      body({ size: '4 KB', bytes: 4000, callUs: 10 }),
      body({ size: '4 KB', bytes: 5000, secrets: 10, callUs: 200 }),
      body({ size: '16 KB', bytes: 16_000, callUs: 20 }),
    ]
    expect(growthsOf(bodies)).toEqual({
      size: [{ step: '4 KB → 16 KB', overLinear: 0.5 }],
      secrets: [{ step: '1 → 10', overLinear: 2 }],
    })
  })
})

describe('a goal', () => {
  const reached = (bodies: readonly BodyFigures[], what: string) =>
    goalsOf({ ...figures, bodies }).find((goal) => goal.what.includes(what))?.isReached

  it.each([
    { bytes: 2000, ratio: 2.5, is: true },
    { bytes: 2000, ratio: 2.6, is: false },
    { bytes: 7000, ratio: 1.35, is: true },
    { bytes: 7000, ratio: 1.4, is: false },
  ])('for $bytes bytes at $ratio times the floor: $is', ({ bytes, ratio, is }) => {
    expect(reached([body({ bytes, ratio, callUs: 1 })], 'over the floor')).toBe(is)
  })

  it.each([
    { ratio: 0.5, is: true },
    { ratio: 0.51, is: false },
  ])('for the first call at $ratio times the one before: $is', ({ ratio, is }) => {
    const life = (us: number) => ({ ...figures.lives.one.bundle, 'call 1': us })
    const one = { ...figures.lives.one, bundle: life(ratio), before: { ...life(1), commit: 'c' } }
    const goals = goalsOf({ ...figures, lives: { ...figures.lives, one } })
    expect(goals.find(({ what }) => what.startsWith('call 1 with'))?.isReached).toBe(is)
  })

  it.each([
    { telemetryUs: 20, is: true },
    { telemetryUs: 20.1, is: false },
  ])('for telemetry that adds $telemetryUs µs: $is', ({ telemetryUs, is }) => {
    expect(reached([body({ telemetryUs, callUs: 1 })], 'telemetry')).toBe(is)
  })
})
