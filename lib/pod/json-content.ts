import { isObject } from '../json.ts'

/**
 * Whether a value contains everything that another sets, ignoring anything else: each field of an object with the same content,
 * the elements of a list one by one. An empty field counts as present, because the API server leaves it out (Go's `omitempty`).
 */
export const holds = (there: unknown, set: unknown): boolean => {
  if (Array.isArray(set)) {
    const elements: readonly unknown[] = Array.isArray(there) ? there : []
    return set.every((element, index) => holds(elements[index], element))
  }
  if (isObject(set)) {
    const fields = isObject(there) ? there : {}
    return Object.entries(set).every(([field, value]) => holds(fields[field], value))
  }
  return there === set || (isEmpty(there) && isEmpty(set))
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || value === false || value === 0
