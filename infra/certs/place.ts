import { CommandFailure } from '../failure.ts'
import { type Certificates, decodeCertificates, encodeCertificates, type Files } from './certificates.ts'

/** What a place holds at one moment. */
export interface Held {
  readonly files: Files
  /** Changes with every write; undefined where nothing was ever written. */
  readonly version: string | undefined
  /** Who else keeps files here that a write would change, as a Secret's field managers do. */
  readonly owners: readonly string[]
}

/** Where certificates are kept. The files of one write take the place of the former all at once. */
export interface Place {
  /** As an operator would name it. */
  readonly name: string
  readonly read: () => Promise<Held>
  /** Puts files in the place of those of one version; a `PlaceConflict` where that is no longer the version. */
  readonly write: (
    files: Files,
    options: { readonly replaces: string | undefined; readonly dryRun: boolean },
  ) => Promise<void>
  /** Completes a write that was killed after it had counted and before every reader saw it. */
  readonly settle: () => Promise<void>
}

/** Somebody else was faster. */
export class PlaceConflict extends CommandFailure {
  constructor(place: string, options: ErrorOptions = {}) {
    super(`another run has changed the ${place} just now, and this one nothing: run it again`, options)
  }
}

/** A place that holds nothing yet. */
export const noCertificates = ({ name }: Place): CommandFailure =>
  new CommandFailure(`the ${name} holds no certificates: make them with \`flyte-webhook certs init\``)

const maxTries = 3

/**
 * Reads a place, decides, and writes what was decided; where somebody else was faster, it decides again upon what they
 * have left. Nothing is written where the decision is what was there, nor over what somebody else keeps unless
 * `forceConflicts`.
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
        `the certificates of the ${place.name} are kept by ${owners.join(', ')}: name another place, or take them over with --force-conflicts`,
      )
    try {
      await place.write(encodeCertificates(decision.certificates), { replaces: version, dryRun })
      return { ...decision, before, isChanged: true }
    } catch (error) {
      if (!(error instanceof PlaceConflict) || tries === maxTries) throw error
    }
  }
}
