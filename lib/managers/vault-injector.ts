import type { Injector } from '../manager-kit/injector.ts'

/** The volume that the injector always creates. Secrets with a path of their own are in other volumes. */
export const secretsVolume = 'vault-secrets'

/**
 * Vault's Agent Injector. Source: vault-k8s 1.6.2, `agent-inject/agent/annotations.go` (`AnnotationAgentStatus`), `agent.go`
 * (`Patch`) and `container_volume.go`.
 */
export const vaultInjector = {
  injected: { key: 'vault.hashicorp.com/agent-inject-status', value: 'injected' },
  first: 'vault.hashicorp.com/agent-init-first',
  containers: ['vault-agent-init', 'vault-agent'],
  volumes: /^vault-secrets(-custom-\d+)?$/,
} as const satisfies Injector
