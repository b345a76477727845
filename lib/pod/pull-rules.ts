import { type Refusal, shown } from '../errors.ts'
import type { PrivateVolume, PullContainer, PullMount, Variable } from '../manager-kit/wants.ts'
import type { DesiredPulls, DesiredVolume } from './desired.ts'
import { ownVolumes } from './pull-containers.ts'
import { whyNotAName } from './rules.ts'
import {
  type Fault,
  faultRefusal,
  isCleanPath,
  whyNotALabel,
  whyNotAnItem,
  whyNotASecret,
} from './want-rules.ts'

/** Why a pod with these volumes cannot have the init containers that a manager made (`validateInitContainers`). */
export const pullRefusals = (
  { containers, by }: DesiredPulls,
  manager: string,
  volumes: readonly DesiredVolume[],
): readonly Refusal[] => {
  const wanted = new Set(volumes.map(({ name }) => name))
  const own = ownVolumes(containers)
  return [
    ...repeated(containers.map(({ name }) => name)).map((name) => fault(containerText(name), uniqueText)),
    ...repeated([...wanted, ...own.map(({ name }) => name)]).map((name) =>
      fault(volumeText(name), uniqueText),
    ),
    ...own.map((volume) => fault(volumeText(volume.name), whyNotPrivate(volume))),
    ...containers.flatMap((container) => containerFaults(container, wanted)),
  ]
    .filter(isFault)
    .map((one) => faultRefusal(by, manager, one))
}

/** The subject of a rule, and the rule if it is broken. */
type Checked = Omit<Fault, 'why'> & { readonly why: string | undefined }

const fault = (what: string, why: string | undefined): Checked => ({ what, why })
const isFault = (checked: Checked): checked is Fault => checked.why !== undefined

const containerText = (name: string): string => `init container ${shown(name)}`
const volumeText = (name: string): string => `volume ${shown(name)}`
const uniqueText = 'its name must be unique, but it is wanted twice'

/** The elements that a list has more than once. */
const repeated = (list: readonly string[]): readonly string[] => {
  const seen = new Set<string>()
  return [...new Set(list.filter((element) => seen.size === seen.add(element).size))]
}

const whyNotPrivate = (volume: PrivateVolume): string | undefined => {
  const why = whyNotALabel(volume.name)
  if (why !== undefined || volume.kind === 'memory') return why
  return volume.items
    .map((item) => whyNotASecret(volume.secretName, item.key) ?? whyNotAnItem(item))
    .find((one) => one !== undefined)
}

const containerFaults = (container: PullContainer, wanted: ReadonlySet<string>): readonly Checked[] => {
  const { name, env = [], privateVolumes = [], volumeMounts } = container
  const own = new Set(privateVolumes.map((volume) => volume.name))
  const text = containerText(name)
  return [
    fault(text, whyNotALabel(name)),
    ...env.map((variable) =>
      fault(`variable ${shown(variable.name)} of init container ${shown(name)}`, whyNotSet(variable)),
    ),
    ...volumeMounts.map((mount) =>
      fault(
        `the mount of ${volumeText(mount.name)} in ${text}`,
        whyNotMounted(mount, wanted.has(mount.name) || own.has(mount.name)),
      ),
    ),
    ...repeated(volumeMounts.map(({ mountPath }) => mountPath)).map((path) =>
      fault(text, `it mounts two volumes at ${shown(path)}`),
    ),
  ]
}

const whyNotSet = (variable: Variable): string | undefined => {
  const why = whyNotAName(variable.name)
  if (why !== undefined || 'value' in variable) return why
  const { name, key } = variable.valueFrom.secretKeyRef
  return whyNotASecret(name, key)
}

const whyNotMounted = ({ mountPath }: PullMount, isThere: boolean): string | undefined => {
  if (!isThere) return 'its volume must come from a fetch or from privateVolumes'
  return isCleanPath(mountPath)
    ? undefined
    : 'its path must be absolute, without an empty segment, ".", ".." or ":"'
}
