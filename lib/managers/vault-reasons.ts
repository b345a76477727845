import type { Reason } from '../manager-kit/reason.ts'
import { changedAlready } from './vault-injection.ts'

export const noVariableOfDb = 'the database engine returns no single value, so it cannot make a variable'

/** @public docs/troubleshooting.md is made from them. */
export const reasons: readonly Reason[] = [
  {
    says: [noVariableOfDb],
    why: 'With `group_version: db` Vault gives all credentials as one file.',
    todo: 'Ask for it as a `FILE`.',
  },
  {
    says: [
      "the annotation vault.hashicorp.com/agent-inject disables Vault's injector",
      "the annotation vault.hashicorp.com/agent-pre-populate lets containers start before Vault's agent has written a file",
      'the annotation vault.hashicorp.com/agent-configmap replaces the secrets that other annotations name',
      "the annotation vault.hashicorp.com/agent-inject-status makes Vault's injector skip the pod, which has no container vault-agent-init",
    ],
    why: "The pod has this annotation, and Vault's injector would follow it. The secret would not arrive.",
    todo: 'Remove the annotation from the pod template.',
  },
  {
    says: [
      "the pod's annotation <annotation> has another value",
      'the annotation <annotation> mounts another volume over its file',
    ],
    why: 'An annotation sends this secret to another place or hides its file. The pod has it, or `webhook.vaultSecretManager.annotations`.',
    todo: 'Remove the annotation, or set it to a path outside `/etc/flyte/secrets`.',
  },
  {
    says: [changedAlready],
    why: 'The injector changes a pod only once, and it ran before this webhook.',
    todo: "Make this webhook run first. `flyte-webhook doctor` (check `call-order`) names the injector's registration.",
  },
  {
    place: 'warning',
    says: ["the pod's vault.hashicorp.com/secret-volume-path is kept, but only for its own files"],
    why: 'The pod sets this annotation, and it stays. The secrets that Flyte asked for are still in `/etc/flyte/secrets`.',
    todo: 'Nothing.',
  },
  {
    place: 'warning',
    says: ['vault.hashicorp.com/agent-init-first lets init containers start before their secrets arrive'],
    why: "The annotation is `false`, and the pod's own init containers run before Vault's agent.",
    todo: 'Nothing, if they need no secret. If they do, remove the annotation.',
  },
  {
    place: 'warning',
    says: ['vault.hashicorp.com/agent-inject-containers leaves out: <containers>'],
    why: "The annotation lists the containers that get Vault's files, and these containers are not in the list.",
    todo: 'Nothing, if they need no secret. If they do, add them to the annotation.',
  },
]

/** Templates of Vault, which no user sees. @public test/messages */
export const unshown: readonly string[] = [
  '{{- with secret <path> -}}{{ <value> }}{{- end -}}',
  'index <data> <key>',
  '{{- with secret <path> -}}',
  `{{- $value := index <data> <key> }}{{ $text := printf "%v" $value }}{{ $line := print "V='" $text "'" }}{{ $why := "" -}}`,
  '{{- range split "\\n" $line }}{{ if gt (len .) <bytes> }}{{ $why = <reason> }}{{ end }}{{ end -}}',
  'eq (printf "%T" $value) "<nil>"',
  'eq $text ""',
  'gt (len $text) <bytes>',
  `contains "'" $text`,
  'contains "\\x00" $text',
  'contains "\\r\\n" $text',
  '{{- if <broken> }}{{ $why = <reason> }}{{ end -}}',
  '{{- if $why }}{{ sprig_fail (print <secret> $why <rest>) }}{{ end -}}',
  '{{ $line }}{{ "\\n" }}{{- end -}}',
]
