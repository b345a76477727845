import type { Json } from './pods.ts'

/** Where Vault's injector has the files of a pod: a memory volume, and where it mounts it. */
const files = { name: 'vault-secrets', mountPath: '/etc/flyte/secrets' }
const home = { name: 'home-init', mountPath: '/home/vault' }

const memory = ({ name }: { readonly name: string }): Json => ({ name, emptyDir: { medium: 'Memory' } })

/**
 * A pod after Vault's injector, as far as this webhook could notice (vault-k8s 1.7.1, `agent-inject/agent/agent.go`, `Patch`): the
 * volumes, their mounts, the init container, which `agent-init-first` puts in front, and the status. One that does not ask for it
 * stays as it is, and so does one that it has changed already.
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
