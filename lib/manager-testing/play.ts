import type { PullContainer } from '../manager-kit/wants.ts'
import { type Played, type RunOptions, Sandbox, type Texts } from './sandbox.ts'

export interface PlayOptions extends Pick<RunOptions, 'shell' | 'environment' | 'secrets'> {
  /** Replacements for the programs of the image: name → script for `sh`. */
  readonly programs?: Texts
}

/**
 * Plays an init container in a real shell, as the kubelet runs it: it expands `$(NAME)` in the command, starts with empty
 * volumes, and takes variables from the given Secrets. Only the given programs and a few tools exist.
 */
export const play = async (
  container: PullContainer | undefined,
  { programs = {}, ...options }: PlayOptions = {},
): Promise<Played> => {
  if (container === undefined) throw new Error('there is no init container to run')
  const sandbox = await Sandbox.create(programs)
  try {
    return await sandbox.run(container, options)
  } finally {
    await sandbox.remove()
  }
}
