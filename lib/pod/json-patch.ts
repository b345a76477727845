/** The operations of RFC 6902 that this webhook needs. */
export type Operation =
  | { readonly op: 'add'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }

/** One step of a JSON Pointer (RFC 6901, section 3). */
export const pointerToken = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

export const add = (path: string, value: unknown): Operation => ({ op: 'add', path, value })

export const remove = (path: string): Operation => ({ op: 'remove', path })

/**
 * Adds values at the end of the array at `path`. Creates an array that is missing (or null, which Kubernetes treats the
 * same) with these values.
 */
export const append = (
  path: string,
  existing: readonly unknown[] | undefined,
  values: readonly unknown[],
): readonly Operation[] => {
  if (values.length === 0) return []
  return existing === undefined ? [add(path, values)] : values.map((value) => add(`${path}/-`, value))
}

/** Adds values at the front of the array at `path`, in their order; creates a missing array. */
export const prepend = (
  path: string,
  existing: readonly unknown[] | undefined,
  values: readonly unknown[],
): readonly Operation[] => {
  if (values.length === 0) return []
  return existing === undefined
    ? [add(path, values)]
    : values.toReversed().map((value) => add(`${path}/0`, value))
}
