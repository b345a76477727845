/**
 * The folder with `kube-apiserver`, `etcd` and `kubectl`, by envtest's convention. Without it, the tests are skipped and print
 * one loud line.
 */
export const assets = process.env['KUBEBUILDER_ASSETS']

if (assets === undefined) {
  console.warn(
    'SKIPPED: all tests against a real API server, because KUBEBUILDER_ASSETS names no folder with kube-apiserver, etcd and kubectl',
  )
}
