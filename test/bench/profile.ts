import type { Profiler } from 'node:inspector'
import { Session } from 'node:inspector/promises'
import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { projectRoot } from '../../infra/project-root.ts'
import type { Body } from './bodies.ts'
import { calls } from './calls.ts'

/** A share of the time, from 0 to 1. */
export type Share = readonly [name: string, share: number]

/** The shares of a call's time, greatest first. */
export interface Profile {
  /** By folder of the source. The work of Node and V8 counts for the source that calls them. */
  readonly folders: readonly Share[]
  /** By function of the source: `parse in lib/admission/review.ts`. */
  readonly functions: readonly Share[]
}

/** The interval between two samples, in microseconds. */
const intervalUs = 100

/** Profiles the whole function with one body for some milliseconds. */
export const profile = async ({ text }: Body, durationMs: number): Promise<Profile> => {
  const callFor = async (ms: number): Promise<void> => {
    for (const end = performance.now() + ms; performance.now() < end; ) await calls.handler(text)
  }
  await callFor(durationMs)
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: intervalUs })
  await session.post('Profiler.start')
  await callFor(durationMs)
  const { profile: recorded } = await session.post('Profiler.stop')
  session.disconnect()
  return summed(recorded)
}

const summed = ({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Profile => {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const callers = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])))
  /** The source function of a sample: the innermost one of its stack. */
  const placeOf = (id: number | undefined): Place | undefined => {
    const node = id === undefined ? undefined : byId.get(id)
    return node && (placeIn(node.callFrame) ?? placeOf(callers.get(node.id)))
  }
  const places = samples.map((id): Place => placeOf(id) ?? elsewhere(byId.get(id)?.callFrame.functionName))
  const shares = (nameOf: (place: Place) => string): readonly Share[] => {
    const times = new Map<string, number>()
    for (const [index, place] of places.entries()) {
      const name = nameOf(place)
      times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0))
    }
    const all = timeDeltas.reduce((sum, delta) => sum + delta, 0)
    return [...times].map(([name, time]): Share => [name, time / all]).toSorted((a, b) => b[1] - a[1])
  }
  return { folders: shares(({ folder }) => folder), functions: shares(({ name }) => name) }
}

interface Place {
  readonly folder: string
  readonly name: string
}

const placeIn = ({
  url,
  functionName,
}: Profiler.Profile['nodes'][number]['callFrame']): Place | undefined => {
  if (!url.startsWith('file:')) return undefined
  const path = relative(projectRoot, fileURLToPath(url))
  const inPackage = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]
  const folder = inPackage ?? dirname(path)
  return { folder, name: `${functionName || 'a closure'} in ${inPackage ?? path}` }
}

/** Work that no source calls. */
const elsewhere = (name = ''): Place => {
  const what = name === '(garbage collector)' ? 'garbage collection' : 'Node and V8 themselves'
  return { folder: what, name: what }
}
