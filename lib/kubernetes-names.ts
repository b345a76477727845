/** Kubernetes' rules for names. Source: k8s.io/apimachinery/pkg/util/validation, which has the rules under these names. */

const namePattern = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/
const labelPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const subdomainPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const secretKeyPattern = /^(?!\.$|\.\.)[-._a-zA-Z0-9]{1,253}$/
const maxNameLength = 63
const maxSubdomainLength = 253

/** `IsQualifiedName`: a name, optionally with a DNS subdomain and `/` before it. */
export const isQualifiedName = (text: string): boolean => {
  const [name = '', prefix, ...more] = text.split('/').toReversed()
  return isName(name) && (prefix === undefined || isSubdomain(prefix)) && more.length === 0
}

/** A key that `ValidateAnnotations` accepts: a qualified name after conversion to lower case. */
export const isAnnotationKey = (text: string): boolean => isQualifiedName(text.toLowerCase())

/** `IsValidLabelValue`. */
export const isLabelValue = (text: string): boolean => text === '' || isName(text)

/** `IsDNS1123Label`: the name of a volume or of a container. */
export const isDnsLabel = (text: string): boolean => text.length <= maxNameLength && labelPattern.test(text)

/** `IsDNS1123Subdomain`: the rule of `ValidateSecretName` for the name of a Secret. */
export const isSubdomain = (text: string): boolean =>
  text.length <= maxSubdomainLength && subdomainPattern.test(text)

/** `IsConfigMapKey`: a key of a Secret. */
export const isSecretKey = (text: string): boolean => secretKeyPattern.test(text)

const isName = (text: string): boolean => text.length <= maxNameLength && namePattern.test(text)
