import { type NonEmpty, unique } from '../errors.ts'
import type { Want } from '../manager-kit/wants.ts'

export type WantOf<Kind extends Want['kind']> = Extract<Want, { kind: Kind }>

/** A want, with the annotation that asked for it and the manager that answered. */
export interface Wish<W extends Want = Want> {
  readonly want: W
  readonly by: string
  readonly manager: string
}

/** Wants for the same thing, in the order of the requests. */
export type Group<Kind extends Want['kind']> = NonEmpty<Wish<WantOf<Kind>>>

/** Wants of these kinds by subject, in the order in which each subject first occurs. */
export const groups = <Kind extends Want['kind']>(
  wishes: readonly Wish[],
  kinds: readonly Kind[],
  keyOf: (want: WantOf<Kind>) => string,
): readonly Group<Kind>[] => {
  const isOfKind = (wish: Wish): wish is Wish<WantOf<Kind>> =>
    (kinds as readonly string[]).includes(wish.want.kind)
  const made = new Map<string, [Wish<WantOf<Kind>>, ...Wish<WantOf<Kind>>[]]>()
  for (const wish of wishes) {
    if (!isOfKind(wish)) continue
    const key = keyOf(wish.want)
    const group = made.get(key)
    if (group === undefined) made.set(key, [wish])
    else group.push(wish)
  }
  return [...made.values()]
}

/** The annotations behind some wants, without repetitions. */
export const namesOf = ([first, ...rest]: NonEmpty<Wish>): NonEmpty<string> =>
  unique([first.by, ...rest.map(({ by }) => by)])
