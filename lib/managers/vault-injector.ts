import type { Injector } from '../manager-kit/injector.ts'

/**
 * Vault's Agent Injector. Source: vault-k8s 1.6.2, `agent-inject/agent/annotations.go` (`AnnotationAgentStatus`), `agent.go`
 * (`Patch`) and `container_volume.go`.
 */
export const vaultInjector = {
  injected: { key: 'vault.hashicorp.com/agent-inject-status', value: 'injected' },
  containers: ['vault-agent-init', 'vault-agent'],
  volumes: /^vault-secrets(-custom-\d+)?$/,
} as const satisfies Injector
