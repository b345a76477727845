import type { Refusal } from '../errors.ts'
import { goBool } from '../go-bool.ts'
import type { Injector } from '../manager-kit/injector.ts'
import type { Desired } from './desired.ts'
import type { Pod } from './pod.ts'

/** The volumes whose files become variables (specification §4.8). */
export interface EnvFiles {
  /** The volumes with a file that does not exist yet when the pod's init container at this index starts. */
  readonly unwrittenAt: (index: number) => ReadonlySet<unknown>
  /** Volumes without a writer. */
  readonly refusals: readonly Refusal[]
}

/** The volumes of a container whose files all exist. */
export const allWritten: ReadonlySet<unknown> = new Set()

/** This webhook's own init containers write the files, or one that an injector adds before or after this call. */
export const envFilesOf = (pod: Pod, desired: Desired, injectors: readonly Injector[]): EnvFiles => {
  const asked = new Map(
    desired.variables.flatMap(({ sources, by }) =>
      sources.flatMap((source) => (source.kind === 'fileKeyRef' ? [[source.volumeName, by] as const] : [])),
    ),
  )
  const volumes = [...asked].map(([name, by]) => ({
    name,
    by,
    early: tooEarly(name, pod, desired, injectors),
  }))
  return {
    unwrittenAt: (index) =>
      volumes.length === 0
        ? allWritten
        : new Set(volumes.filter(({ early = 0 }) => index < early).map(({ name }) => name)),
    refusals: volumes
      .filter(({ early }) => early === undefined)
      .map(({ name, by }) => ({ by, what: `volume ${name}`, why: 'no init container writes its files' })),
  }
}

/** The number of the pod's init containers that start before the last file of a volume is written; undefined without a writer. */
const tooEarly = (
  volume: string,
  pod: Pod,
  { pulls, annotations }: Desired,
  injectors: readonly Injector[],
): number | undefined => {
  const names = (pod.initContainers ?? []).map(({ name }) => name)
  /** New containers will come before all others. */
  const before = (writers: ReadonlySet<string>): number =>
    Math.max(
      0,
      names.findLastIndex((name) => writers.has(name)),
    )
  const own = pulls?.containers ?? []
  if (own.some(({ privateVolumes = [] }) => privateVolumes.some(({ name }) => name === volume)))
    return before(new Set(own.map(({ name }) => name)))
  const injector = injectors.find(({ volumes }) => volumes.test(volume))
  if (injector === undefined) return undefined
  const { injected, containers, first } = injector
  if (pod.annotations[injected.key] === injected.value) return before(new Set(containers))
  const isFirst = pod.annotations[first] ?? annotations.find(({ key }) => key === first)?.value ?? 'false'
  return goBool(isFirst) === true ? 0 : names.length
}
