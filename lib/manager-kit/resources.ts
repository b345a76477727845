/** A container's resources. The quantities are in Kubernetes' canonical form, as the API server stores them. */
export interface Resources {
  readonly requests: Readonly<Record<string, string>>
  readonly limits: Readonly<Record<string, string>>
}
