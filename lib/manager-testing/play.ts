import type { PullContainer } from '../manager-kit/wants.ts'
import { type Played, type RunOptions, Sandbox, type Texts } from './sandbox.ts'

export interface PlayOptions extends Pick<RunOptions, 'shell' | 'environment' | 'secrets'> {
  /** What stands in for the programs of the image: name → script for `sh`. */
  readonly programs?: Texts
}

/**
 * Plays an init container in a real shell, as the kubelet runs it: `$(NAME)` in its command is expanded, its volumes are empty
 * folders, and its variables come from the Secrets that are given. No program is there but those given, and a few tools.
 */
export const play = async (
  container: PullContainer | undefined,
  { programs = {}, ...options }: PlayOptions = {},
): Promise<Played> => {
  if (container === undefined) throw new Error('there is no init container to play')
  const sandbox = await Sandbox.create(programs)
  try {
    return await sandbox.run(container, options)
  } finally {
    await sandbox.remove()
  }
}
