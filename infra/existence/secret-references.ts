import type { Want } from '../../lib/manager-kit/wants.ts'

/** A key of a Secret in the pod's namespace. */
export interface SecretReference {
  readonly name: string
  readonly key: string
}

/** The Secrets that wants take the secret from. Of each list one is enough; a list is never empty. */
export const secretReferences = (wants: readonly Want[]): readonly (readonly SecretReference[])[] =>
  wants.map(referencesOf).filter((alternatives) => alternatives.length > 0)

/** A variable that an init container needs to fetch a secret, such as a token, is not the secret itself. */
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
