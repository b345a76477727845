import type { Resources } from './resources.ts'

/** The default requests and limits of a container that pulls a secret, as in Flyte. */
const resources: Resources = {
  requests: { cpu: '200m', memory: '500Mi' },
  limits: { cpu: '200m', memory: '500Mi' },
}

/** The keys of a manager whose init container pulls the secrets, with Flyte's names. */
export const pullKeys = (image: string) =>
  ({
    sidecarImage: {
      kind: 'image',
      help: 'The image of the init container that pulls a secret.',
      default: image,
    },
    resources: { kind: 'resources', default: resources },
  }) as const
