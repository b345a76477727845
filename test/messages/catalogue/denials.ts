import type { Chapter } from './entry.ts'

const subjects: Chapter = {
  title: 'A pod is denied: how to read it',
  intro: `\`kubectl\` prints \`Error from server (BadRequest): admission webhook "flyte-pod-webhook.flyte.org" denied the request:\` and one sentence for each thing that the webhook refuses. Flyte shows the message as the reason for the failed task. The function's log has it as \`reason\`.

\`\`\`text
<annotations> (<what>): <why>; <why>. <annotations> (<what>): <why>
\`\`\`

The annotations are those that asked for the thing. \`flyte-webhook decode <value>\` shows the content of one. If no manager can serve a request, each manager has its own \`<why>\`, such as \`K8s: it needs a group\`. With \`function.onFailure: admit\` the pod is created without its secrets, and the message becomes a warning. \`<what>\` is one of these:`,
  entries: [
    {
      says: ['group "<group>"', 'group_version "<version>"', 'key "<key>"'],
      why: 'One secret, as the pod asked for it. The reasons of the managers follow.',
    },
    { says: ['variable <name>'], why: 'A variable for the pod.' },
    {
      says: ['file <path>', 'the files of <managers>'],
      why: 'A file or all files below `/etc/flyte/secrets`.',
    },
    {
      says: ['volume <name>', 'volumes <names>', 'a mount in container <name>'],
      why: 'The volumes and mounts that bring the files into the pod.',
    },
    {
      says: [
        'init container <name>',
        'variable <name> of init container <container>',
        'the command of init container <name>',
        'the mount of volume <volume> in init container <name>',
      ],
      why: 'The init containers that fetch the files.',
    },
    {
      says: ['its variables'],
      why: 'The variables that tell flytekit where the secret is.',
    },
    {
      says: ['annotation <key>', 'the annotations of its secrets'],
      why: "The annotations that tell an injector, such as Vault's, what to fetch.",
    },
    {
      says: ['the request', 'all annotations flyte.secrets/s…'],
      why: 'A request that the webhook cannot read.',
    },
    { says: ['the patch'], why: 'All changes to the pod together.' },
    {
      says: ['And more of <annotations>'],
      why: 'The webhook refuses these annotations too, but their reasons do not fit into the answer.',
    },
  ],
}

const unreadable: Chapter = {
  title: 'A pod is denied: the request cannot be read',
  intro:
    "flytekit and Flyte's engine write readable annotations. Someone wrote this one by hand, cut it off, or changed it on its way. Offsets start at 0. They count characters of the annotation if it is not base32, and bytes of the decoded text in all other cases. `flyte-webhook decode <value>` shows the place, and `flyte-webhook encode <request>` writes an annotation.",
  entries: [
    {
      says: ['not base32: expected a-z or 1-6 (at offset <n>)'],
      why: "Flyte's base32 uses lower-case letters and the digits 1 to 6, without padding. Standard base32 uses 2 to 7.",
      todo: 'Write the value with `flyte-webhook encode`.',
    },
    {
      says: [
        'expected a field name (at offset <n>)',
        'expected a colon (at offset <n>)',
        'expected a quoted string (at offset <n>)',
        'unexpected character (at offset <n>)',
      ],
      why: 'The decoded text is not protobuf text format: `name: "value"`, one after the other.',
      todo: 'Correct the text at the offset, or write the value with `flyte-webhook encode`.',
    },
    {
      says: [
        'unknown field: a Secret has group, group_version, key, mount_requirement and env_var (at offset <n>)',
        'the field <name> occurs twice (at offset <n>)',
        'mount_requirement must be ANY (0), ENV_VAR (1) or FILE (2) (at offset <n>)',
      ],
      why: 'The text is valid text format, but not a `Secret` message of Flyte. A newer Flyte may have fields that this version does not know.',
      todo: 'Remove or correct the field, or upgrade this webhook.',
    },
    {
      says: [
        'the string has no closing quote (at offset <n>)',
        'a string cannot contain an unescaped newline or NUL (at offset <n>)',
        'the string is not UTF-8 (at offset <n>)',
        'unknown escape (at offset <n>)',
        'the highest octal escape is \\377 (at offset <n>)',
        'a hex escape needs a digit (at offset <n>)',
        'a unicode escape needs <n> hex digits of a code point (at offset <n>)',
        'half of a surrogate pair (at offset <n>)',
      ],
      why: 'A quoted string is broken. Usually the value was cut off, or a backslash is not doubled.',
      todo: 'Write the value with `flyte-webhook encode`.',
    },
    {
      says: ['the pod asks for <n> secrets, but the limit is <n>'],
      why: 'The webhook limits the work for one call. Real tasks stay far below this limit.',
      todo: 'Combine values into fewer secrets.',
    },
  ],
}

const conflicts: Chapter = {
  title: 'A pod is denied: requests contradict each other, or the pod',
  intro:
    'The secrets exist, but this pod cannot have all of them. The message names every annotation that takes part in the conflict.',
  entries: [
    {
      says: ['it is requested with different contents'],
      why: 'Two requests claim the same variable or file: the same `env_var` twice, or groups and keys that differ only in case. A single request can conflict with itself if its `env_var` is a variable that flytekit reads.',
      todo: 'Rename one `env_var`, or remove one request.',
    },
    {
      says: ['its directory <path> is also a requested file'],
      why: 'One secret is a file at a path that the other secret needs as a folder, for example `db` and `db/password`.',
      todo: 'Ask for one of them as a variable, or rename one.',
    },
    {
      says: ['another volume, at <path>, would hide it'],
      why: '`K8s` mounts a group as a folder, and another manager has a file in a folder of the same name.',
      todo: 'Ask for one of them as a variable, or rename one.',
    },
    {
      says: ['only one manager can use the directory <path>'],
      why: 'The files of a pod can come from `K8s` and one other manager. This pod needs files from two others.',
      todo: 'Ask one of the managers for variables, or split the task.',
    },
    {
      says: ['only one manager can add init containers'],
      why: 'Two managers fetch files with init containers, and a pod can only use one of them.',
      todo: 'Ask one of the managers for variables, or split the task.',
    },
    {
      says: [
        'it is requested with different sources or at different paths',
        'different volumes have this name',
        'all would be mounted at <path>',
      ],
      why: 'Two requests bring volumes that conflict: the same name for different volumes, or different volumes at the same path.',
      todo: 'Remove one request, or correct the manager that names and places the volumes.',
    },
    {
      says: ['nothing can be mounted below <path>: volume <volume> is read-only'],
      why: 'A container runtime cannot create a mount point inside a read-only volume. The container has a mount below this volume, or another secret needs one.',
      todo: 'Move that mount out of the directory of this secret.',
    },
    {
      says: [
        'it mounts its own volume <volume> at <path>',
        'it mounts its own volume <volume> at <path>, which would hide the file <file>',
        'it has a volume device at <path>',
      ],
      why: 'The container mounts something of its own at the place of the secret files. Usually the pod template does this.',
      todo: 'Mount it outside `/etc/flyte/secrets`.',
    },
    {
      says: [
        'it mounts its own volume <volume> read-only at <path>, so nothing can be mounted below it at <path>: mount it writable or elsewhere',
      ],
      why: 'A container runtime cannot create a mount point inside a read-only mount, and the container would never start. Secrets, ConfigMaps, downward API and projected volumes work unless the pod mounts them with `subPath`.',
      todo: 'Mount the volume writable, or at a path that is not above `/etc/flyte/secrets`.',
    },
    {
      says: [
        'the pod has a volume of this name, but not the expected optional volume of that Secret with items',
        'the pod has a volume of this name, but not the expected memory volume',
        'the pod has a volume of this name, but not the expected <kind> volume',
        'it already has something else at <path>',
        'the pod has another container of this name',
      ],
      why: 'The pod template or another webhook uses a name that this webhook needs. The webhook accepts an existing volume or container only if it matches.',
      todo: 'Rename the volume or the container in the pod template.',
    },
    {
      says: ['a variable name must be printable ASCII without "=" (ValidateEnv)'],
      why: 'The name comes from the group and the key, or from the `env_var`. Kubernetes refuses it.',
      todo: 'Rename the secret, or ask for it as a file.',
    },
    {
      says: ['a variable cannot contain a NUL', 'its name and value exceed the <n> bytes that Linux allows'],
      why: 'The secret is binary or too large, and the container could not start with it.',
      todo: 'Ask for it as a file from another manager. Values of `Global`, and files of `Embedded` with the type `AWS`, travel in variables.',
    },
    {
      says: ['container <container> has it too and starts before its file exists, so it could never start'],
      why: 'Another webhook put an init container before the one that writes the file. It also copied the variables of another container into it.',
      todo: 'Make that webhook put its container last, or ask for the secret as a file.',
    },
    {
      says: ['one of its words exceeds the <n> bytes that Linux allows'],
      why: 'The group, group_version or key is too long for the command of the init container.',
      todo: 'Correct the request.',
    },
    {
      says: [
        'it would have more than <n> operations',
        'it would be larger than <n> bytes',
        'with it the pod would exceed the <n> bytes that etcd stores',
        'with them the pod would exceed the 256 KiB of annotations that Kubernetes allows',
      ],
      why: 'The webhook writes every secret into every container, and the number of secrets times containers is too large for one pod.',
      todo: 'Ask for fewer secrets, ask for files by reference (`K8s`), or split the pod.',
    },
  ],
}

const unsound: Chapter = {
  title: 'A pod is denied: a manager breaks a rule',
  intro:
    'The webhook checks what a manager wants before it changes the pod. The name of the manager stands before the broken rule. Built-in managers never break these rules. The request is fine, and the manager needs a correction.',
  entries: [
    {
      says: [
        'its name must be a DNS-1123 label (1 to 63 of a-z 0-9 -, with a letter or digit at both ends)',
        'its name must be unique, but it is wanted twice',
        'its key must be [domain/]name, the name at most 63 letters, digits, - _ and .',
        'the name of its Secret must be a DNS-1123 subdomain',
        'the key of its Secret must be 1 to 253 of A-Z a-z 0-9 - _ ., not "." nor "..…"',
        'the path of a key in it must be relative and without ".."',
        'its source must be one kind of volume with its fields, such as {"csi": {…}}',
      ],
      why: 'The API server would refuse the pod. These are its rules for volumes, containers, annotations and references to Secrets.',
      todo: 'Correct the manager. If it builds a name from the request, encode or hash it.',
    },
    {
      says: [
        'it must be mounted at <path> or below, without an empty segment, ".", ".." or ":"',
        'its root must be <path> or a path below',
        'it must be below its root, without an empty segment, "." or ".."',
      ],
      why: 'flytekit looks for secret files below `/etc/flyte/secrets`. Anywhere else they would hide files of the image. Paths must be in the form of a container runtime, because the webhook compares them.',
      todo: 'Correct the manager. The kit builds such a path from the parts of a request, and reports an unusable part.',
    },
    {
      says: ['no init container writes its files'],
      why: 'A variable comes from a file in a volume, but neither an init container of this webhook nor an injector writes to it.',
      todo: 'Correct the manager. The kit has functions that make such a variable complete.',
    },
    {
      says: ['at least one is needed, because flytekit finds a secret by its variables'],
      why: 'The secret would be in the pod, but flytekit could not find it.',
      todo: 'Correct the manager. The kit makes the variables for a file and for a secret in a variable.',
    },
    {
      says: [
        'its path must be absolute, without an empty segment, ".", ".." or ":"',
        'it mounts two volumes at <path>',
        'its volume must come from a fetch or from privateVolumes',
      ],
      why: 'An init container of the manager could not start, or the API server would refuse it.',
      todo: "Correct the mounts of the manager's init container.",
    },
  ],
}

/** Denials, except for the reasons of managers. */
export const denials = { subjects, unreadable, conflicts, unsound }
