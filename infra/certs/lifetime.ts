import type { X509Certificate } from 'node:crypto'

export const dayMs = 24 * 60 * 60 * 1000

/** A clock that is a little behind must still find a new certificate valid: it begins before it is made. */
export const backdatedMs = dayMs / 24

/** Whether a third of a certificate's lifetime is left, or less: it should be rotated. */
export const isDue = ({ validFromDate, validToDate }: X509Certificate, now: Date): boolean =>
  now.getTime() >= validToDate.getTime() - (validToDate.getTime() - validFromDate.getTime()) / 3

/** Whole days of a lifetime. */
export const daysOf = ({ validFromDate, validToDate }: X509Certificate): number =>
  Math.floor((validToDate.getTime() - validFromDate.getTime()) / dayMs)

/** Whole days until a certificate's end; negative after it. */
export const daysLeft = ({ validToDate }: X509Certificate, now: Date): number =>
  Math.floor((validToDate.getTime() - now.getTime()) / dayMs)
