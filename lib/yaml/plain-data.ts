import type { Path } from './path.ts'

type Container = Readonly<Record<string | number, unknown>>

/** Whether something is a mapping or a list. */
const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null

/** The value at a path; undefined if the path leads nowhere. */
export const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (at, step) => (isContainer(at) && Object.hasOwn(at, step) ? at[step] : undefined),
    value,
  )

/** A copy without the value at a path. It empties list items instead of removing them: those after them keep their places. */
export const without = (value: unknown, [step, ...deeper]: Path): unknown => {
  if (step === undefined) return {}
  if (!isContainer(value) || !Object.hasOwn(value, step)) return value
  const inner = deeper.length === 0 ? undefined : without(value[step], deeper)
  if (Array.isArray(value)) return value.with(Number(step), inner)
  const others = Object.entries(value).filter(([key]) => key !== step)
  return Object.fromEntries(inner === undefined ? others : [...others, [step, inner]])
}

/** JSON with sorted keys: equal data gives equal text. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    isContainer(inner) && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )

/** An object without the keys that have no value. */
export const defined = <T extends object>(object: T): { readonly [Key in keyof T]?: NonNullable<T[Key]> } =>
  Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== undefined && value !== null),
  ) as never

/** A list without the places of items that validation removed. */
export const present = <T>(list: readonly (T | undefined)[]): readonly T[] =>
  list.filter((item) => item !== undefined)
