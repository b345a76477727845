import { z } from 'zod'
import { isObject } from '../json.ts'
import type { Resources } from '../manager-kit/resources.ts'
import { key, section } from './key.ts'
import { isQualifiedName } from '../kubernetes-names.ts'
import { formatQuantity, parseQuantity, quantityPattern } from './quantity.ts'

const notQuantity = 'must be a Kubernetes quantity that is not negative, such as 200m or 500Mi'

/** A quantity, written as text or as a number; canonical after parsing. */
const quantity = z
  .union(
    [z.string().regex(quantityPattern, { error: notQuantity }), z.number().min(0, { error: notQuantity })],
    {
      error: notQuantity,
    },
  )
  .transform((written, context) => {
    const parsed = parseQuantity(String(written))
    if (parsed !== undefined) return formatQuantity(parsed)
    context.addIssue(`${notQuantity}, and at most 2^63-1`)
    return z.NEVER
  })

const isHugePages = (name: string): boolean => name.startsWith('hugepages-')

/** Kubernetes' `IsNativeResource`. */
const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/')

/** Kubernetes' `IsOvercommitAllowed`: whether a request may be less than its limit. */
export const isOvercommittable = (name: string): boolean => isNative(name) && !isHugePages(name)

/** Kubernetes' `IsIntegerResourceName`, limited to the resources of containers. */
export const isCounted = (name: string): boolean => !isNative(name)

/** Kubernetes' `validateContainerResourceName`. */
const isContainerResource = (name: string): boolean =>
  isQualifiedName(name) &&
  (name.includes('/')
    ? isNative(name) || (!name.startsWith('requests.') && isQualifiedName(`requests.${name}`))
    : ['cpu', 'memory', 'ephemeral-storage'].includes(name) || isHugePages(name))

const resourceName = z.string().refine(isContainerResource, {
  error: 'is not a resource that a container can have; did you mean cpu, memory or ephemeral-storage?',
})

const resourceList = z.record(resourceName, quantity)

/** `resources` of a container. */
export const resources = (defaults: Resources) =>
  key(
    section({
      requests: key(resourceList, {
        description: 'What Kubernetes reserves for the container.',
        default: defaults.requests,
      }),
      limits: key(resourceList, {
        description: 'The most that the container can use.',
        default: defaults.limits,
      }),
    }),
    { description: 'Requests and limits of the container. Omitted resources have their defaults.' },
  )

/** The content of `resources`, in which each part is valid. */
export type WrittenResources = z.infer<ReturnType<typeof resources>>

/** Gives the type to data that the schema has checked. */
export const asWrittenResources = (written: unknown): WrittenResources =>
  isObject(written) ? written : undefined

/** Merges the written resources into the defaults, one by one. */
export const resolveResources = (written: WrittenResources, defaults: Resources): Resources => ({
  requests: { ...defaults.requests, ...written?.requests },
  limits: { ...defaults.limits, ...written?.limits },
})
