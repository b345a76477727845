import type { Follower } from '../manager-kit/definition.ts'
import type { Injector } from '../manager-kit/injector.ts'

/**
 * Vault's Agent Injector. Source: vault-k8s 1.6.2, `agent-inject/agent/annotations.go` (`AnnotationAgentStatus`), `agent.go`
 * (`Patch`) and `container_volume.go`.
 */
export const vaultInjector = {
  webhooks: /vault/,
  injected: { key: 'vault.hashicorp.com/agent-inject-status', value: 'injected' },
  containers: ['vault-agent-init', 'vault-agent'],
  volumes: /^vault-secrets(-custom-\d+)?$/,
  misses: 'its injector does not see the annotations, and no secret arrives',
} as const satisfies Injector & Follower
