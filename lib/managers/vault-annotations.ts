import { type Annotations, isTrue, name, own } from './vault-injection.ts'

type Rule = readonly [annotation: string, isHarmless: (value: string) => boolean, message: string]

/**
 * Annotations that keep all secrets out of every pod. Source: vault-k8s 1.6.2, `agent-inject/agent/agent.go` (`ShouldInject`,
 * `Patch`) and `container_init_sidecar.go`; its `parseutil.ParseBool` is `strconv.ParseBool`, and reads an empty text as false.
 */
const rules: readonly Rule[] = [
  [
    'agent-inject',
    isTrue,
    "must be true: any other value stops Vault's injector from adding its agent to any pod",
  ],
  [
    'agent-inject-status',
    (value) => value !== 'injected',
    "must not be injected: Vault's injector would treat every pod as already changed",
  ],
  [
    'agent-pre-populate',
    isTrue,
    'must be true: otherwise no container fetches the secrets before the task starts',
  ],
  [
    'agent-configmap',
    (value) => value === '',
    "must be omitted: with a ConfigMap, Vault's agent ignores the annotations that ask for secrets",
  ],
]

/** The operator's annotations that prevent injection in every pod, by their full names, each with the reason. */
export const defeatingAnnotations = (
  annotations: Annotations,
): readonly (readonly [annotation: string, message: string])[] =>
  rules.flatMap(([rule, isHarmless, message]) => {
    const annotation = name(rule)
    const value = own(annotations, annotation)
    return value === undefined || isHarmless(value) ? [] : [[annotation, message] as const]
  })
