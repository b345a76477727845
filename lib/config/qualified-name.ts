const namePattern = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/
const subdomainPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const maxNameLength = 63
const maxSubdomainLength = 253

/** Kubernetes' `IsQualifiedName`: a name, with or without a DNS subdomain and `/` before it. */
export const isQualifiedName = (text: string): boolean => {
  const [name = '', prefix, ...more] = text.split('/').toReversed()
  return isName(name) && (prefix === undefined || isSubdomain(prefix)) && more.length === 0
}

/** A key that `ValidateAnnotations` accepts: a qualified name once it is in lower case. */
export const isAnnotationKey = (text: string): boolean => isQualifiedName(text.toLowerCase())

/** Kubernetes' `IsValidLabelValue`. */
export const isLabelValue = (text: string): boolean => text === '' || isName(text)

const isName = (text: string): boolean => text.length <= maxNameLength && namePattern.test(text)

const isSubdomain = (text: string): boolean =>
  text.length <= maxSubdomainLength && subdomainPattern.test(text)
