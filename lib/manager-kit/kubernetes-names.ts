/** apimachinery's `IsDNS1123Subdomain`: what `ValidateSecretName` asks of a Secret's name. */
export const secretName = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

/** apimachinery's `IsConfigMapKey`: what a key of a Secret may be. */
export const secretKey = /^(?!\.$|\.\.)[-._a-zA-Z0-9]{1,253}$/
