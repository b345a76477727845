import { goBool } from '../go-bool.ts'
import type { Loader } from '../yaml/document.ts'
import type { Path } from '../yaml/path.ts'
import { hasFreeKeys, isList, type Schema, scalarTypeOf, schemaAt, shapeOf } from './schema-walk.ts'

/**
 * What Flyte's loader accepts beyond the schema (specification §8): names of keys in any case; text, numbers and booleans in each
 * other's place; a list of mappings for a mapping of free keys, because viper keeps the case and dots of keys only there; and, in
 * Flyte's own sections, text with commas for a list.
 * Source: `flytestdlib/config/viper/viper.go` (viper, and mapstructure with `WeaklyTypedInput`).
 * Unlike Flyte, this keeps a number or boolean as it is written: `1.10` stays `1.10`, and true stays `true` (not `1`).
 */
export const createFlyteLoader = (schema: Schema): Loader => ({
  spell(parent, key) {
    const names = Object.keys(shapeOf(schemaAt(schema, parent)))
    return names.find((name) => name === key) ?? names.find((name) => isSameName(name, key)) ?? key
  },
  convert(path: Path, value, written) {
    if (value === null) return value
    if (path[0] !== 'function' && isList(schemaAt(schema, path)))
      return written === '' ? [] : written.split(',')
    switch (scalarTypeOf(schemaAt(schema, path))) {
      case 'string':
        return written
      case 'number':
        return /^[+-]?\d+$/.test(written) ? Number(written) : value
      case 'boolean':
        return goBool(written) ?? value
      case undefined:
        return value
    }
  },
  mergesList: (path) => hasFreeKeys(schemaAt(schema, path)),
})

const isSameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
