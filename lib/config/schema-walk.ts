import { z } from 'zod'
import type { Path } from '../yaml/path.ts'

/** A part of the schema of `webhook.yaml`; undefined for an unknown path. */
export type Schema = z.core.$ZodType | undefined

/** The schema inside `.nullish()` and `.transform()`. */
const bare = (schema: Schema): Schema => {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return bare(schema.unwrap())
  return schema instanceof z.ZodPipe ? bare(schema.in) : schema
}

/** The keys of a section; empty for any other schema. */
export const shapeOf = (schema: Schema): Readonly<Record<string, z.core.$ZodType>> => {
  const inner = bare(schema)
  return inner instanceof z.ZodObject ? inner.shape : {}
}

/** The schema at a path. */
export const schemaAt = (schema: Schema, path: Path): Schema =>
  path.reduce<Schema>((at, step) => {
    const inner = bare(at)
    if (inner instanceof z.ZodArray) return inner.element
    if (inner instanceof z.ZodRecord) return inner.valueType
    const shape = shapeOf(inner)
    return Object.hasOwn(shape, step) ? shape[step] : undefined
  }, schema)

/** Whether the operator chooses the keys of a mapping. */
export const hasFreeKeys = (schema: Schema): boolean => bare(schema) instanceof z.ZodRecord

export const isList = (schema: Schema): boolean => bare(schema) instanceof z.ZodArray

type ScalarType = 'string' | 'number' | 'boolean'

/** The only type that a scalar may have; undefined if it may have several types or none. */
export const scalarTypeOf = (schema: Schema): ScalarType | undefined => {
  const inner = bare(schema)
  if (inner instanceof z.ZodEnum) return onlyTypeOf(inner.options)
  if (inner instanceof z.ZodLiteral) return onlyTypeOf([...inner.values])
  if (inner instanceof z.core.$ZodString) return 'string'
  if (inner instanceof z.core.$ZodNumber) return 'number'
  return undefined
}

const onlyTypeOf = (values: readonly unknown[]): ScalarType | undefined =>
  (['string', 'number', 'boolean'] as const).find((type) => values.every((value) => typeof value === type))
