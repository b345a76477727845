import { styleText } from 'node:util'
import type { Style } from './style.ts'

const styles = { error: 'red', warning: 'yellow' } as const satisfies Record<string, Style>

/**
 * Formats a message for standard error, after its level: `error: no such file`. The level is coloured on a terminal,
 * unless `NO_COLOR` is set.
 */
export const message = (
  level: keyof typeof styles,
  text: string,
  stream: NodeJS.WritableStream = process.stderr,
): string => `${styleText(styles[level], `${level}:`, { stream, validateStream: true })} ${text}`
