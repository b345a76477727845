import type { Chapter } from './entry.ts'

const subjects: Chapter = {
  title: 'A pod is denied: how to read it',
  intro: `\`kubectl\` prints
\`Error from server (BadRequest): admission webhook "flyte-pod-webhook.flyte.org" denied the request:\`, Flyte shows it to its
user as the reason why the task failed, and the function's log has it as \`reason\`. Then comes a sentence for each thing that is
refused:

\`\`\`text
<annotations> (<what>): <why>; <why>. <annotations> (<what>): <why>
\`\`\`

The annotations are those that asked for it; \`flyte-webhook decode <value>\` says what stands in one. Where no manager can serve a request there is a \`<why>\` for each that was asked, as \`K8s: it needs a group\`. With
\`function.onFailure: admit\` the pod is created without its secrets, and all of this is a warning. This is what \`<what>\` can be:`,
  entries: [
    {
      says: ['group "<group>"', 'group_version "<version>"', 'key "<key>"'],
      why: 'One secret as it was asked for. Which managers were asked, and what each said, stands behind it.',
    },
    { says: ['variable <name>'], why: 'A variable that the pod would get.' },
    {
      says: ['file <path>', 'the files of <managers>'],
      why: 'A file, or all files, below `/etc/flyte/secrets`.',
    },
    {
      says: ['volume <name>', 'volumes <names>', 'a mount in container <name>'],
      why: 'What brings the files into the pod.',
    },
    {
      says: [
        'init container <name>',
        'variable <name> of init container <container>',
        'the command of init container <name>',
        'the mount of volume <volume> in init container <name>',
      ],
      why: 'What fetches the files.',
    },
    {
      says: ['its variables'],
      why: 'The variables by which flytekit finds the secret.',
    },
    {
      says: ['annotation <key>', 'the annotations of its secrets'],
      why: 'What tells an injector, such as that of Vault, what to fetch.',
    },
    {
      says: ['the request', 'all annotations flyte.secrets/s…'],
      why: 'What asks for a secret, where it cannot be read.',
    },
    { says: ['the patch'], why: 'All that the pod would get.' },
    {
      says: ['And more of <annotations>'],
      why: 'These annotations are refused too; their reasons do not fit into the answer.',
    },
  ],
}

const unreadable: Chapter = {
  title: 'A pod is denied: the request cannot be read',
  intro: `flytekit and Flyte's engine write annotations that can be read, so these were written by hand, cut off, or changed on their
way. The offset counts from 0: characters of the annotation where it is not base32, else bytes of what it decodes to.
\`flyte-webhook decode <value>\` shows the place, \`flyte-webhook encode <request>\` writes an annotation.`,
  entries: [
    {
      says: ['not base32: not a character of a-z and 1-6 (at offset <n>)'],
      why: "Flyte's base32 has lower-case letters and the digits 1 to 6, and no padding. Standard base32 has 2 to 7.",
      todo: 'Write the value with `flyte-webhook encode`.',
    },
    {
      says: [
        'expected the name of a field (at offset <n>)',
        'expected a colon (at offset <n>)',
        'expected a string in quotes (at offset <n>)',
        'unexpected character (at offset <n>)',
      ],
      why: 'What is decoded is not protobuf text format: `name: "value"`, one after the other.',
      todo: 'Correct the text at the offset, or write the value with `flyte-webhook encode`.',
    },
    {
      says: [
        'unknown field: a Secret has group, group_version, key, mount_requirement and env_var (at offset <n>)',
        'the field <name> stands twice (at offset <n>)',
        'mount_requirement is ANY (0), ENV_VAR (1) or FILE (2) (at offset <n>)',
      ],
      why: "It is text format, and no `Secret` message of Flyte's: a newer Flyte may have fields that this version does not know.",
      todo: 'Leave the field out or correct it; or upgrade this webhook.',
    },
    {
      says: [
        'the string has no closing quote (at offset <n>)',
        'a string cannot hold a line end or NUL as it stands (at offset <n>)',
        'the string is not UTF-8 (at offset <n>)',
        'unknown escape (at offset <n>)',
        'an octal escape ends at \\377 (at offset <n>)',
        'a hex escape needs a digit (at offset <n>)',
        'a unicode escape needs <n> hex digits of a code point (at offset <n>)',
        'half of a surrogate pair (at offset <n>)',
      ],
      why: 'A string in quotes is broken, most often because the value was cut off or a backslash is not written twice.',
      todo: 'Write the value with `flyte-webhook encode`.',
    },
    {
      says: ['the pod asks for <n> secrets, and <n> is the most'],
      why: 'The work of a call is bounded, and no task has so many.',
      todo: 'Put what belongs together into one secret.',
    },
  ],
}

const conflicts: Chapter = {
  title: 'A pod is denied: requests contradict each other, or the pod',
  intro:
    'The secrets are there, and cannot all be brought into this pod. All annotations that are part of it are named.',
  entries: [
    {
      says: ['it is asked for with different contents'],
      why: 'Two requests claim one variable or one file: the same `env_var` twice, or groups and keys that differ in upper and lower case alone. One request can do so with itself, where its `env_var` is a variable that flytekit reads.',
      todo: 'Rename one `env_var`, or take one request out.',
    },
    {
      says: ['its directory <path> is a file that is asked for too'],
      why: 'One secret would be a file where the other needs a folder: `db` and `db/password`.',
      todo: 'Ask for one of them as a variable, or rename one.',
    },
    {
      says: ['another volume, at <path>, would hide it'],
      why: 'A group of `K8s` is mounted as a folder, and another manager has a file in a folder of that name.',
      todo: 'Ask for one of them as a variable, or rename one.',
    },
    {
      says: ['each of these managers needs the directory <path> for itself'],
      why: 'The files of a pod come from `K8s` and at most one other manager, and two others have been asked for some.',
      todo: 'Ask one of the managers for variables, or split the task.',
    },
    {
      says: ['the init containers of a pod can come from one manager only'],
      why: 'Two managers that fetch files by init containers have been asked for some.',
      todo: 'Ask one of the managers for variables, or split the task.',
    },
    {
      says: [
        'it is asked for with different sources or at different paths',
        'different volumes are asked for by this name',
        'each of them is to be mounted at <path>',
      ],
      why: 'Two requests bring volumes of which the pod can have only one: a name stands for one volume, and a path shows one.',
      todo: 'Take one request out, or correct the manager that names and places the volumes.',
    },
    {
      says: ['nothing can be mounted below <path>: volume <volume> is read-only'],
      why: 'A container runtime cannot create a mount point inside a read-only volume, and the container has a mount below it, or another secret would get one.',
      todo: 'Mount that somewhere else than below the directory of this secret.',
    },
    {
      says: [
        'it mounts its own volume <volume> at <path>',
        'it mounts its own volume <volume> at <path>, which would hide the file <file>',
        'it has a volume device at <path>',
      ],
      why: 'The container has something of its own where the files of secrets go, most often by its pod template.',
      todo: 'Mount that somewhere else than below `/etc/flyte/secrets`.',
    },
    {
      says: [
        'it mounts its own volume <volume> read-only at <path>, and nothing can be mounted below it, at <path>: mount it writable or elsewhere',
      ],
      why: 'A container runtime cannot create a mount point inside a read-only mount: the container would never start. Secrets, ConfigMaps, downward API and projected volumes are no problem unless they are mounted with `subPath`.',
      todo: 'Mount the volume writable, or at a path that is not above `/etc/flyte/secrets`.',
    },
    {
      says: [
        'the pod has a volume of this name that is not the optional volume of that Secret with items it should be',
        'the pod has a volume of this name that is not the memory volume it should be',
        'the pod has a volume of this name that is not the <kind> volume it should be',
        'it already has something else at <path>',
        'the pod has another container of this name',
      ],
      why: 'The pod template, or another webhook, uses a name that this webhook uses. A volume or container of it that is what it should be would have counted.',
      todo: 'Rename the volume or the container of the pod template.',
    },
    {
      says: ['the name of a variable is printable ASCII without "=" (ValidateEnv)'],
      why: 'The name is made of group and key, or is the `env_var`, and Kubernetes refuses it.',
      todo: 'Rename the secret, or ask for it as a file.',
    },
    {
      says: [
        'its value holds a NUL, which no variable can',
        'with its value it is over the <n> bytes that Linux allows a variable',
      ],
      why: 'The secret is binary or large. The container could not start with it.',
      todo: 'Ask for it as a file of another manager: values of `Global`, and files of `Embedded` of the type `AWS`, travel in variables.',
    },
    {
      says: [
        'container <container> has it already and starts before its file is written, so it could never start',
      ],
      why: 'Another webhook has put an init container in front of the one that writes the file, and copied the variables of another container into it.',
      todo: 'Let that webhook put its container behind, or ask for the secret as a file.',
    },
    {
      says: ['one of its words is over the <n> bytes that Linux allows a word'],
      why: 'Group, group_version or key are so long that the init container could not start its command.',
      todo: 'Correct the request.',
    },
    {
      says: [
        'it would have more than <n> operations',
        'it would be larger than <n> bytes',
        'with it the pod would be larger than <n> bytes, which etcd does not store',
        'with them the pod would have more than the 256 KiB of annotations that Kubernetes allows',
      ],
      why: 'Every secret is written into every container: secrets times containers is too much for one pod.',
      todo: 'Ask for fewer secrets, or for files by reference (`K8s`), or split the pod.',
    },
  ],
}

const unsound: Chapter = {
  title: 'A pod is denied: a manager breaks a rule',
  intro: `What a manager wants for a pod is checked before it reaches the pod, and the manager's name stands before the rule. The built-in
managers keep these rules, whatever is asked of them. So the manager has to be corrected, and the request is fine.`,
  entries: [
    {
      says: [
        'its name has to be a DNS-1123 label (1 to 63 of a-z 0-9 -, with a letter or digit at both ends)',
        'its name has to be unique, and it is wanted twice',
        'its key has to be [domain/]name, the name at most 63 letters, digits, - _ and .',
        'the name of its Secret has to be a DNS-1123 subdomain',
        'the key of its Secret has to be 1 to 253 of A-Z a-z 0-9 - _ ., not "." nor "..…"',
        'the path of a key in it has to be relative and without ".."',
        'its source has to be one kind of volume with its fields, such as {"csi": {…}}',
      ],
      why: 'The API server would refuse the pod: these are its rules for volumes, containers, annotations and references to Secrets.',
      todo: 'Correct the manager. Where a name is made of what the request says, encode it or hash it.',
    },
    {
      says: [
        'it has to be mounted at <path> or below, without an empty segment, ".", ".." or ":"',
        'its root has to be <path> or a path below',
        'it has to lie below its root, without an empty segment, "." or ".."',
      ],
      why: 'The files of secrets stand below `/etc/flyte/secrets`, where flytekit looks for them; anywhere else they would hide files of the image. A path is written as a container runtime takes it, so that two of them can be compared.',
      todo: 'Correct the manager: the kit makes such a path of the parts of a request, and says where there is none.',
    },
    {
      says: ['no init container writes its files'],
      why: 'A variable comes from a file of a volume that neither an init container of this webhook nor an injector writes to.',
      todo: 'Correct the manager: the kit has what such a variable needs.',
    },
    {
      says: ['at least one is needed, because flytekit finds a secret by its variables'],
      why: 'The secret would be in the pod, and nothing would say where.',
      todo: 'Correct the manager: the kit has the variables of a file, and those of a secret in a variable.',
    },
    {
      says: [
        'its path has to be absolute, without an empty segment, ".", ".." or ":"',
        'it has to mount one volume at <path>, and two are wanted',
        'its volume has to be wanted too, by a fetch or for this container alone',
      ],
      why: 'An init container of the manager could not be started, or the API server would refuse it.',
      todo: 'Correct what the manager mounts into its init container.',
    },
  ],
}

/** Why a pod is denied but for what managers say. */
export const denials = { subjects, unreadable, conflicts, unsound }
