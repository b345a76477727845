import type { X509Certificate } from 'node:crypto'

export const dayMs = 24 * 60 * 60 * 1000

/** New certificates are valid from this long before their creation, for clients whose clock is slow. */
export const backdatedMs = dayMs / 24

/** Whether a certificate should be rotated: at most a third of its lifetime is left. */
export const isDue = ({ validFromDate, validToDate }: X509Certificate, now: Date): boolean =>
  now.getTime() >= validToDate.getTime() - (validToDate.getTime() - validFromDate.getTime()) / 3

/** The lifetime of a certificate in whole days. */
export const daysOf = ({ validFromDate, validToDate }: X509Certificate): number =>
  Math.floor((validToDate.getTime() - validFromDate.getTime()) / dayMs)

/** The whole days until a certificate expires. Negative after that. */
export const daysLeft = ({ validToDate }: X509Certificate, now: Date): number =>
  Math.floor((validToDate.getTime() - now.getTime()) / dayMs)
