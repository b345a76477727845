import type { ManagerAnswer, Traced } from '../../lib/managers/lookup.ts'

/** What is known about whether a secret exists that a pod is going to ask for. */
export type Existence =
  /** The function looked it up for its own use, and has the value. */
  | { readonly known: 'value read' }
  | { readonly known: 'exists' }
  | { readonly known: 'missing'; readonly why: string }
  /** Its store was to be asked, and `why` it gave no answer. */
  | { readonly known: 'no answer'; readonly why: string }
  /** Nobody asked, or `why` nobody can. */
  | { readonly known: 'not checked'; readonly why?: string }

/** A manager that serves a request. */
export type Serving = Pick<ManagerAnswer, 'manager'> &
  Pick<Traced, 'request'> & {
    readonly wants: Extract<ManagerAnswer['said'], { readonly kind: 'found' }>['wants']
  }

/** Asks the store of a secret whether it exists; `namespace` is the pod's. */
export type CheckExistence = (serving: Serving, namespace: string) => Promise<Existence>
