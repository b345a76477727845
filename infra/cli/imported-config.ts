import { text } from 'node:stream/consumers'
import { Option } from 'commander'
import { exitStatus, wrongUsage } from '../failure.ts'
import type { FlyteFile } from '../import/shapes.ts'
import type { NamespacedName } from '../kubernetes/namespaced-name.ts'
import { readInput } from './input.ts'
import { parseNamespacedName } from './options.ts'
import type { Terminal } from './terminal.ts'

/** The sources of Flyte's configuration: files, `-` for standard input, or ConfigMaps of a cluster. */
export interface ImportSources {
  readonly files: readonly string[]
  readonly configMaps: readonly NamespacedName[]
  readonly kubeconfig?: string
  readonly context?: string
}

/**
 * Returns a `webhook.yaml` with Flyte's configuration. Notes what was found and which lines you must change. With such lines the
 * exit status is 1. Fails with a `CommandFailure` if there is nothing to import.
 */
export const importedConfig = async (sources: ImportSources, terminal: Terminal): Promise<string> => {
  const { importConfig } = await import('../import/import-config.ts')
  const imported = importConfig([
    ...(await Promise.all(sources.files.map(readSource))),
    ...(await readConfigMaps(sources)),
  ])
  if (imported.kind === 'nothing') throw wrongUsage(imported.why.join('\n'))
  for (const note of [...imported.notes, ...imported.problems]) terminal.note(note)
  if (imported.problems.length > 0) process.exitCode = exitStatus.failed
  return imported.yaml
}

/** Creates a repeatable option that names a ConfigMap of the cluster. */
export const configMapOption = (name: `--${string}`, description: string): Option =>
  new Option(`${name} <namespace/name>`, description)
    .argParser((value: string, before: readonly NamespacedName[]) => [...before, parseNamespacedName(value)])
    .default([], 'none')

const readSource = async (file: string): Promise<FlyteFile> =>
  file === '-'
    ? { name: 'standard input', text: await text(process.stdin) }
    : { name: file, text: new TextDecoder().decode(await readInput(file)) }

const readConfigMaps = async ({ configMaps, ...cluster }: ImportSources): Promise<readonly FlyteFile[]> => {
  if (configMaps.length === 0) return []
  const { readConfigMap } = await import('../import/config-map.ts')
  return Promise.all(configMaps.map((name) => readConfigMap(name, cluster)))
}
