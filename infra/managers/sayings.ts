import { isObject } from '../../lib/json.ts'
import type { AnyDefinition } from '../../lib/managers/any-definition.ts'
import { CommandFailure, sentenceOf } from '../failure.ts'

type Said = Pick<AnyDefinition, 'asks' | 'makes' | 'reader' | 'notices' | 'trial'>

/** Checks the values with which a manager describes itself: its author may have written JavaScript. */
const canBe: Readonly<Record<keyof Said, (said: unknown) => boolean>> = {
  asks: (said) =>
    said === undefined ||
    (isObject(said) &&
      Object.values(said).every(
        (field) =>
          isObject(field) && typeof field['means'] === 'string' && typeof field['example'] === 'string',
      )),
  makes: (said) => ['files', 'variables', 'both'].some((word) => word === said),
  reader: (said) => ['function', 'kubelet', 'container'].some((word) => word === said),
  notices: (said) =>
    Array.isArray(said) && said.every((one) => isObject(one) && typeof one['message'] === 'string'),
  trial: (said) =>
    said === undefined || (isObject(said) && (said['mount'] === 'FILE' || said['mount'] === 'ENV_VAR')),
}
const names = ['asks', 'makes', 'reader', 'notices', 'trial'] as const

/** A manager whose descriptive function returns an invalid value, or throws. */
export class WrongSaying extends CommandFailure {
  readonly manager: string

  constructor(manager: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.manager = manager
  }
}

/** The fields that can be plain values instead of functions. */
const plain = new Set<keyof Said>(['asks', 'makes', 'reader'])

/** Returns the first plain field with an invalid value. */
export const wrongSayingOf = (manager: object): string | undefined => {
  const fields = new Map<string, unknown>(Object.entries(manager))
  return names.find((name) => {
    const said = fields.get(name)
    return typeof said !== 'function' && plain.has(name) && !canBe[name](said)
  })
}

/** Returns a manager's descriptive functions, wrapped so that a fault in one is an error that names both. */
export const sayingsOf = (manager: AnyDefinition): Partial<Said> => {
  const fields = new Map<string, unknown>(Object.entries(manager))
  const functions = names.flatMap((name) => {
    const say = fields.get(name)
    return typeof say === 'function' ? [[name, checked(manager.name, name, say)] as const] : []
  })
  return Object.fromEntries(functions)
}

// oxlint-disable-next-line typescript/no-unsafe-function-type -- its author may have written JavaScript
const checked =
  (manager: string, name: keyof Said, say: Function) =>
  (...words: readonly unknown[]): unknown => {
    let said: unknown
    try {
      said = Reflect.apply(say, undefined, words)
    } catch (cause) {
      throw new WrongSaying(manager, `its ${name} throws: ${sentenceOf(cause)}`, {
        cause,
      })
    }
    if (canBe[name](said)) return said
    throw new WrongSaying(manager, `its ${name} returns a value that the kit does not know`)
  }
