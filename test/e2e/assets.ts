/**
 * The folder with `kube-apiserver`, `etcd` and `kubectl`, by envtest's convention; without it the tests are skipped, and
 * say so in one loud line.
 */
export const assets = process.env['KUBEBUILDER_ASSETS']

if (assets === undefined) {
  console.warn(
    'SKIPPED: all tests against a real API server, because KUBEBUILDER_ASSETS names no folder with kube-apiserver, etcd and kubectl',
  )
}
