import { CommandFailure } from '../failure.ts'
import { type Certificates, decodeCertificates, encodeCertificates, type Files } from './certificates.ts'

/** The content of a place at one moment. */
export interface Held {
  readonly files: Files
  /** Changes with every write. Undefined before the first one. */
  readonly version: string | undefined
  /** Others that own files which a write would change, such as field managers of a Secret. */
  readonly owners: readonly string[]
}

/** Where certificates are kept. A write replaces all files at once. */
export interface Place {
  /** As an operator calls it. */
  readonly name: string
  readonly read: () => Promise<Held>
  /** Replaces the files of a version. Throws a `PlaceConflict` if the place has another version by now. */
  readonly write: (
    files: Files,
    options: { readonly replaces: string | undefined; readonly dryRun: boolean },
  ) => Promise<void>
  /** Completes a write that was killed after it took effect and before every reader saw it. */
  readonly settle: () => Promise<void>
}

/** Another run was faster. */
export class PlaceConflict extends CommandFailure {
  constructor(place: string, options: ErrorOptions = {}) {
    super(`another run has just changed the ${place}, and this run changed nothing: run it again`, options)
  }
}

/** The failure for an empty place. */
export const noCertificates = ({ name }: Place): CommandFailure =>
  new CommandFailure(`the ${name} holds no certificates: create them with \`flyte-webhook certs init\``)

const maxTries = 3

/**
 * Reads a place, decides, and writes the decision. If another run was faster, decides again on its result. Writes nothing
 * if the decision changes nothing. Overwrites files that others own only with `forceConflicts`.
 */
export const updatePlace = async <T extends { readonly certificates: Certificates }>(
  place: Place,
  decide: (before: Certificates | undefined) => Promise<T>,
  { dryRun, forceConflicts = false }: { readonly dryRun: boolean; readonly forceConflicts?: boolean },
): Promise<T & { readonly before: Certificates | undefined; readonly isChanged: boolean }> => {
  if (!dryRun) await place.settle()
  for (let tries = 1; ; tries++) {
    const { files, version, owners } = await place.read()
    const before = decodeCertificates(files, place.name)
    const decision = await decide(before)
    if (decision.certificates === before) return { ...decision, before, isChanged: false }
    if (owners.length > 0 && !forceConflicts)
      throw new CommandFailure(
        `the certificates of the ${place.name} are managed by ${owners.join(', ')}: name another place, or take them over with --force-conflicts`,
      )
    try {
      await place.write(encodeCertificates(decision.certificates), { replaces: version, dryRun })
      return { ...decision, before, isChanged: true }
    } catch (error) {
      if (!(error instanceof PlaceConflict) || tries === maxTries) throw error
    }
  }
}
