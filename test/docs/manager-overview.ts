import { join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'
import type { Config } from '../../lib/config/config.ts'
import { profileDefaults } from '../../lib/config/defaults.ts'
import { type DescribedManager, described, makesOf } from '../../lib/config/described-manager.ts'
import { everyKey } from '../../lib/config/manager-keys.ts'
import { createConfigParser } from '../../lib/config/parse.ts'
import type { AnyDescription, Reader } from '../../lib/manager-kit/definition.ts'
import { markdownTable } from '../support/markdown.ts'
import { withSection } from '../support/marked-section.ts'
import { pageName } from './manager-pages.ts'

/** The page that compares all managers. */
export const overviewFile = join(projectRoot, 'docs', 'managers.md')

/** A manager with options that change what it creates, or who reads a value. */
interface Way {
  /** `Embedded, type AWS`, or only the name if no option changes anything. */
  readonly label: string
  readonly manager: AnyDescription
  readonly isDefault: boolean
  readonly makes: DescribedManager['makes']
  /** What it creates with `function.envFiles`. */
  readonly makesWithEnvFiles: DescribedManager['makes']
  readonly reader: Reader
}

/** Returns the ways in which a manager works. Tries every value of its choices, one choice at a time. */
const waysOf = (manager: AnyDescription): readonly Way[] => {
  const plain = wayOf(manager, {})
  const ways = everyKey([manager]).map(({ path, key }) =>
    key.kind === 'oneOf'
      ? key.of.map((value) => wayOf(manager, { path, value, isDefault: value === key.default }))
      : [],
  )
  const differing = ways.filter((tried) => tried.some((way) => !isSame(way, plain))).flat()
  return differing.length === 0 ? [plain] : differing
}

const isSame = (one: Way, other: Way): boolean =>
  one.makes === other.makes &&
  one.makesWithEnvFiles === other.makesWithEnvFiles &&
  one.reader === other.reader

interface Choice {
  readonly path?: readonly PropertyKey[]
  readonly value?: string
  readonly isDefault?: boolean
}

const wayOf = (manager: AnyDescription, { path = [], value, isDefault = true }: Choice): Way => {
  const chosen = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) ?? {}
  const config = configOf(manager, chosen as Sections)
  const { makes, reader } = described(manager, config)
  const makesWithEnvFiles = makesOf(manager, config, { envFiles: true })
  const label = value === undefined ? manager.name : `${manager.name}, ${String(path.at(-1))} ${value}`
  return { label, manager, isDefault, makes, makesWithEnvFiles, reader }
}

type Sections = Readonly<Record<string, object>>

/** Parses a configuration with only this manager, in the profile that accepts every section. */
const configOf = (manager: AnyDescription, sections: Sections): Config => {
  const webhook = { ...sections['webhook'], secretManagerTypes: [manager.name] }
  const ours = { ...sections['function'], profile: 'flyte2' }
  const parsed = createConfigParser([manager])(JSON.stringify({ webhook, function: ours }))
  if (parsed.kind === 'problems') throw new Error(JSON.stringify(parsed.problems))
  return parsed.config
}

/** The readers of a value: their names in the table, their boxes in the picture, and where the value ends up. */
const readers: Readonly<
  Record<Reader, { readonly who: string; readonly box: string; readonly after: string }>
> = {
  function: {
    who: 'the function',
    box: 'the function, while the pod is admitted: its own role',
    after: 'the value is in the pod, in etcd,<br/>and in audit logs at level Request',
  },
  kubelet: {
    who: 'the kubelet',
    box: 'the kubelet, when the pod starts: no permission of yours',
    after: 'the pod holds a reference',
  },
  container: {
    who: 'a container of the pod',
    box: "a container of the pod: its ServiceAccount's identity",
    after:
      "the value is in a volume<br/>in the pod's memory; with function.envFiles<br/>the kubelet can turn it into a variable",
  },
}

const fromFiles = '[with `envFiles`](#variables-from-files)'

/** Formats the table of managers. */
export const managerTable = (managers: readonly AnyDescription[]): string =>
  markdownTable(
    [
      'manager',
      'which secrets, and how they arrive',
      'as a variable',
      'as a file',
      'who reads a value',
      'asked',
    ],
    managers
      .flatMap(waysOf)
      .map(({ label, manager, isDefault, makes, makesWithEnvFiles, reader }) => [
        `[${label}](managers/${pageName(manager.name)})`,
        manager.summary,
        makes !== 'files' ? 'yes' : makesWithEnvFiles !== 'files' ? fromFiles : '–',
        makes === 'variables' ? '–' : 'yes',
        readers[reader].who,
        manager.isAlwaysAsked ? 'always, first' : whenAsked(manager.name, isDefault),
      ]),
  )

const whenAsked = (name: string, isDefault: boolean): string => {
  const profiles = Object.entries(profileDefaults).filter(
    ([, { secretManagerType }]) => isDefault && secretManagerType === name,
  )
  const byDefault = profiles.map(([profile]) => `, and by default with \`${profile}\``)
  return ['if it is listed', ...byDefault].join('')
}

/** Draws who reads a value. */
export const readerPicture = (managers: readonly AnyDescription[]): string => {
  const ways = managers.flatMap(waysOf)
  const boxes = Object.entries(readers).flatMap(([reader, { box, after }]) => {
    const nodes = ways.flatMap((way, index) =>
      way.reader === reader ? [`    manager${index}["${way.label}"]`] : [],
    )
    return nodes.length === 0
      ? []
      : [
          `  subgraph ${reader}Reads["${box}"]`,
          ...nodes,
          '  end',
          `  ${reader}Reads --> ${reader}After["${after}"]`,
        ]
  })
  return ['```mermaid', 'flowchart LR', ...boxes, '```'].join('\n')
}

/** Returns the overview with the table and the picture of these managers. */
export const withOverview = (page: string, managers: readonly AnyDescription[]): string => {
  const command = 'npm run docs'
  const tabled = withSection(page, { name: 'table of managers', command }, managerTable(managers))
  return withSection(tabled, { name: 'picture of readers', command }, readerPicture(managers))
}
