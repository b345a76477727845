import type { V1Container } from '@kubernetes/client-node'
import { imageNameOf, lastSegment } from './image-name.ts'

/**
 * `webhook`: flytepropeller's subcommand; `binary`: all of Flyte 1 in one process, of which the webhook is a part; `flyte2`:
 * the executor of Flyte 2, alone or with all other parts, which always has the webhook.
 */
export type FlyteProcess = 'webhook' | 'binary' | 'flyte2'

/**
 * What a container runs of Flyte, if the webhook is a part of it. Image and command line both tell: a mirror may give an image
 * any name, and an image may hold the command line itself.
 */
export const flyteProcessOf = ({
  image = '',
  command = [],
  args = [],
}: V1Container): FlyteProcess | undefined => {
  const words = [...command, ...args].flatMap((word) => word.split(/\s+/))
  const { name, tag } = imageNameOf(image)
  if (isPropellerWebhook(name, words)) return 'webhook'
  if (!isBinary(name, words)) return undefined
  if (!isFlyte2(name, tag)) return 'binary'
  return ['all', 'executor'].includes(componentOf(words)) ? 'flyte2' : undefined
}

/** `flytepropeller webhook --config …`, as Flyte's charts write it; `init-certs` behind it makes certificates and ends. */
const isPropellerWebhook = (image: string, words: readonly string[]): boolean =>
  words.includes('webhook') &&
  !words.includes('init-certs') &&
  (image.includes('flytepropeller') || names(words, 'flytepropeller') || isConfigured(words))

/** `flyte start --config …`, or an image of that name, as charts and mirrors have it: `flyte-binary-release`. */
const isBinary = (image: string, words: readonly string[]): boolean =>
  /(?:^|[^a-z0-9])flyte-(?:binary|sandbox|devbox)/.test(image) ||
  (words.includes('start') && (names(words, 'flyte') || isConfigured(words)))

const isFlyte2 = (image: string, tag: string): boolean =>
  /-v2\b|flyte-devbox/.test(image) || /^v?2\./.test(tag)

const names = (words: readonly string[], program: string): boolean =>
  words.some((word) => lastSegment(word) === program)

/** Where Flyte's charts mount its configuration. */
const isConfigured = (words: readonly string[]): boolean =>
  words.some((word) => /(?:^|=)\/etc\/flyte\//.test(word))

/** Flyte 2's `--component`, with which its chart `flyte-core` starts each part alone (`manager/cmd/components.go`). */
const componentOf = (words: readonly string[]): string => {
  const at = words.findIndex((word) => /^--component(?:=|$)/.test(word))
  return (at < 0 ? undefined : (words[at]?.split('=')[1] ?? words[at + 1])) ?? 'all'
}
