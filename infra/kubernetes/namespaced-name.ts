/** The coordinates of an object of a known kind. */
export interface NamespacedName {
  readonly namespace: string
  readonly name: string
}
