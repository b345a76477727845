import type { Json } from './pods.ts'

/** The memory volume in which Vault's injector puts a pod's files, and its mount path. */
const files = { name: 'vault-secrets', mountPath: '/etc/flyte/secrets' }
const home = { name: 'home-init', mountPath: '/home/vault' }

const memory = ({ name }: { readonly name: string }): Json => ({ name, emptyDir: { medium: 'Memory' } })

/**
 * Changes a pod like Vault's injector, as far as this webhook could notice (vault-k8s 1.7.1, `agent-inject/agent/agent.go`, `Patch`):
 * adds the volumes, their mounts, the init container (first with `agent-init-first`), and the status. Returns a pod unchanged if it
 * does not ask for injection or is already injected.
 */
export const injectedByVault = (pod: Json): Json => {
  const saying = (name: string): unknown => pod.metadata.annotations?.[`vault.hashicorp.com/${name}`]
  if (saying('agent-inject') !== 'true' || saying('agent-inject-status') === 'injected') return pod
  const agent = { name: 'vault-agent-init', image: 'hashicorp/vault:1.21.1', volumeMounts: [home, files] }
  const { initContainers, containers, volumes } = pod.spec
  const own = (initContainers ?? []).map(mounting)
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      annotations: { ...pod.metadata.annotations, 'vault.hashicorp.com/agent-inject-status': 'injected' },
    },
    spec: {
      ...pod.spec,
      volumes: [...(volumes ?? []), memory(home), memory(files)],
      initContainers: saying('agent-init-first') === 'true' ? [agent, ...own] : [...own, agent],
      containers: containers.map(mounting),
    },
  }
}

const mounting = (container: Json): Json => ({
  ...container,
  volumeMounts: [...(container.volumeMounts ?? []), files],
})
