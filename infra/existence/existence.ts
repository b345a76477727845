import type { ManagerAnswer, Traced } from '../../lib/managers/lookup.ts'

/** Whether a secret exists that a pod will ask for, as far as known. */
export type Existence =
  /** The function read the value for its own use. */
  | { readonly known: 'value read' }
  | { readonly known: 'exists' }
  | { readonly known: 'missing'; readonly why: string }
  /** The store gave no answer: `why` gives the reason. */
  | { readonly known: 'no answer'; readonly why: string }
  /** Not queried; `why` gives the reason if the store cannot be queried. */
  | { readonly known: 'not checked'; readonly why?: string }

/** A manager that serves a request. */
export type Serving = Pick<ManagerAnswer, 'manager'> &
  Pick<Traced, 'request'> & {
    readonly wants: Extract<ManagerAnswer['said'], { readonly kind: 'found' }>['wants']
  }

/** Asks the store of a secret whether the secret exists, for a pod in `namespace`. */
export type CheckExistence = (serving: Serving, namespace: string) => Promise<Existence>
