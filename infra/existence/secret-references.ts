import type { Want } from '../../lib/manager-kit/wants.ts'

/** A key of a Secret in the pod's namespace. */
export interface SecretReference {
  readonly name: string
  readonly key: string
}

/** Returns the Secrets that the wants take the secret from. One of each list is enough; no list is empty. */
export const secretReferences = (wants: readonly Want[]): readonly (readonly SecretReference[])[] =>
  wants.map(referencesOf).filter((alternatives) => alternatives.length > 0)

/** Ignores variables that an init container needs to fetch a secret, such as a token: they are not the secret itself. */
const referencesOf = (want: Want): readonly SecretReference[] => {
  switch (want.kind) {
    case 'variable':
      return want.sources.flatMap((source) =>
        source.kind === 'secretKeyRef' ? [{ name: source.name, key: source.key }] : [],
      )
    case 'secretVolume':
      return [{ name: want.secretName, key: want.item.key }]
    case 'fetch':
      return (want.step.volumes ?? []).flatMap((volume) =>
        volume.kind === 'secret' ? volume.items.map(({ key }) => ({ name: volume.secretName, key })) : [],
      )
    case 'file':
    case 'volume':
    case 'envFile':
    case 'annotation':
      return []
  }
}
