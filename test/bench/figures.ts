import { join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'
import type { Body } from './bodies.ts'
import type { Lives } from './life.ts'
import type { Memory } from './memory.ts'
import type { Profile } from './profile.ts'
import type { Startup } from './startup.ts'
import type { Timing } from './timing.ts'

/** The last result of `npm run bench`: `docs/performance.md` shows it, and `npm run bench:check` compares with it. */
export const figuresFile = join(projectRoot, 'test/bench/figures.json')

/** The figures of one body. */
export interface BodyFigures extends Omit<Body, 'text'>, Timing {
  readonly bytes: number
}

/** The figures that take a minute to measure. */
export interface Measured {
  readonly bodies: readonly BodyFigures[]
  readonly memory: Memory
  readonly startup: Startup
  /** By the name of the body: one with a single secret, and one with many. */
  readonly lives: Readonly<Record<keyof typeof livedBodies, Lives>>
}

/** The bodies for the life of an instance, by their keys in the figures. */
export const livedBodies = { one: 'plain', many: '4 KB, 100' } as const

export interface Figures extends Measured {
  /** `2026-11-25`. */
  readonly date: string
  /** One line: processor, cores, versions. */
  readonly machine: string
  /** By the name of the body. */
  readonly profiles: Readonly<Record<string, Profile>>
}

/** The growth of a cost from one step to the next, divided by the growth of its cause: 1 is linear. */
export interface Growth {
  /** `16 KB → 64 KB`. */
  readonly step: string
  readonly overLinear: number
}

/** The growth with the size of a pod with one secret, and with the number of secrets in the smallest pod. */
export const growthsOf = (bodies: readonly BodyFigures[]) => {
  const made = bodies.filter(({ size }) => size !== undefined)
  const [first] = made
  return {
    size: steps(
      made.filter(({ secrets }) => secrets === first?.secrets),
      ({ size = '', bytes }) => [size, bytes],
    ),
    secrets: steps(
      made.filter(({ size }) => size === first?.size),
      ({ secrets }) => [`${secrets}`, secrets],
    ),
  }
}

const steps = (
  bodies: readonly BodyFigures[],
  causeOf: (body: BodyFigures) => readonly [name: string, amount: number],
): readonly Growth[] =>
  bodies.slice(1).map((body, index) => {
    const before = bodies[index] ?? body
    const [from, less] = causeOf(before)
    const [to, more] = causeOf(body)
    return { step: `${from} → ${to}`, overLinear: body.times.call / before.times.call / (more / less) }
  })
