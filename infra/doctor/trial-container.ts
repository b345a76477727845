import type { V1Container, V1PodSpec } from '@kubernetes/client-node'

/** The security settings of a trial pod, as strict as the Pod Security Standard `restricted`. */
export const trialSecurity = (): Pick<V1PodSpec, 'restartPolicy' | 'securityContext'> => ({
  restartPolicy: 'Never',
  securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: 'RuntimeDefault' } },
})

/** Returns a container of such a pod, with the resources that a ResourceQuota needs. */
export const trialContainer = (name: string): V1Container => {
  const size = { cpu: '1m', memory: '1Mi' }
  return {
    name,
    image: 'registry.k8s.io/pause:3.10',
    resources: { requests: size, limits: size },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  }
}
