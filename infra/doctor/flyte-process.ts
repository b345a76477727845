import type { V1Container } from '@kubernetes/client-node'
import { imageNameOf, lastSegment } from './image-name.ts'

/**
 * `webhook`: flytepropeller's subcommand. `binary`: all of Flyte 1 in one process, including the webhook. `flyte2`: the executor
 * of Flyte 2, alone or with all other parts. It always includes the webhook.
 */
export type FlyteProcess = 'webhook' | 'binary' | 'flyte2'

/**
 * Recognises a container that runs Flyte's webhook, by image and command line. Neither is enough: a mirror can give an image any
 * name, and an image can contain its command line.
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

/** `flytepropeller webhook --config …`, as in Flyte's charts. With `init-certs` it only creates certificates and exits. */
const isPropellerWebhook = (image: string, words: readonly string[]): boolean =>
  words.includes('webhook') &&
  !words.includes('init-certs') &&
  (image.includes('flytepropeller') || names(words, 'flytepropeller') || isConfigured(words))

/** `flyte start --config …`, or an image with such a name in charts and mirrors: `flyte-binary-release`. */
const isBinary = (image: string, words: readonly string[]): boolean =>
  /(?:^|[^a-z0-9])flyte-(?:binary|sandbox|devbox)/.test(image) ||
  (words.includes('start') && (names(words, 'flyte') || isConfigured(words)))

const isFlyte2 = (image: string, tag: string): boolean =>
  /-v2\b|flyte-devbox/.test(image) || /^v?2\./.test(tag)

const names = (words: readonly string[], program: string): boolean =>
  words.some((word) => lastSegment(word) === program)

/** Looks for the path at which Flyte's charts mount its configuration. */
const isConfigured = (words: readonly string[]): boolean =>
  words.some((word) => /(?:^|=)\/etc\/flyte\//.test(word))

/** Returns Flyte 2's `--component`. With it, the chart `flyte-core` starts each part separately (`manager/cmd/components.go`). */
const componentOf = (words: readonly string[]): string => {
  const at = words.findIndex((word) => /^--component(?:=|$)/.test(word))
  return (at < 0 ? undefined : (words[at]?.split('=')[1] ?? words[at + 1])) ?? 'all'
}
