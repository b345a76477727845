import { sha256 } from '../digest.ts'
import type { NonEmpty } from '../errors.ts'
import { encodeBase32 } from '../request/base32.ts'
import type { SecretRequest } from '../request/secret-request.ts'
import type { Reason } from './reason.ts'
import { withoutExpansion } from '../kubelet-expansion.ts'
import { scriptWord } from './shell.ts'
import { asVariables, variableNames } from './manager.ts'
import type { FetchStep, PrivateVolume, PullMount, Variable, Want } from './wants.ts'

/**
 * Variables from files (specification §4.8): an init container writes a secret as `V='<value>'` into a separate file, and the
 * kubelet of 1.35 and later reads it (`valueFrom.fileKeyRef`; its parser is Kubernetes' `pkg/kubelet/util/env`).
 */

/** The name of the only variable in each file. */
const variable = 'V'

/** The volume of the files. Only init containers mount it; the kubelet reads it on the node. */
const volume = 'flyte-secret-env'
const envVolume: PrivateVolume = { kind: 'memory', name: volume }
export const envMount: PullMount = { name: volume, mountPath: `/mnt/${volume}` }

/** Linux' `MAX_ARG_STRLEN`, minus the `=` of the variable and the final NUL. */
const maxVariableBytes = 128 * 1024 - 2

/** A secret that arrives as variables, through a file. */
export interface EnvFile {
  /** Two files with the same value are the same file. */
  readonly identity: string
  /** Identifies the content and its manager. Files of one content differ in `maxValueBytes`. */
  readonly content: string
  /** Letters and digits, the same in every run. */
  readonly id: string
  /** The names of the variables that get the value. The longest name determines `maxValueBytes`. */
  readonly names: readonly string[]
  readonly maxValueBytes: number
}

/** The env file of a request. */
export const envFileOf = (request: SecretRequest, envVarPrefix: string, content: string): EnvFile => {
  const names = variableNames(request, envVarPrefix, request.group)
  const maxValueBytes = maxVariableBytes - Math.max(...names.map((each) => Buffer.byteLength(each)))
  const identity = JSON.stringify([content, maxValueBytes])
  return { identity, content, id: encodeBase32(sha256(identity)).slice(0, idLength), names, maxValueBytes }
}

/** Half of a SHA-256. */
const idLength = 26

/** Where the init container writes the file. */
export const envFilePath = ({ id }: EnvFile): string => `${envMount.mountPath}/${fileName(id)}`

const fileName = (id: string): string => `${id}.env`

/** The wants of such a secret: its file, which a step of an init container writes, and the variables. */
export const fetchedVariables = (file: EnvFile, envVarPrefix: string, step: FetchStep): NonEmpty<Want> => [
  { kind: 'envFile', identity: file.identity, step },
  ...envFileVariables(file, envVarPrefix, { volumeName: volume, path: fileName(file.id) }),
]

/** A step that writes an env file. */
export const envFileStep = (step: Omit<FetchStep, 'volumes'>): FetchStep => ({
  ...step,
  volumes: [envVolume],
})

export const isEnvFileStep = ({ volumes }: FetchStep): boolean => volumes?.includes(envVolume) === true

/** A secret that a shell command writes, for `variablesByCommand`. */
export interface WrittenSecret {
  /** Identifies the content and its manager. */
  readonly content: string
  /** Its name in messages. */
  readonly name: string
  /** The command that writes the value into a file. Protect its texts from the kubelet with `scriptWord` and `withoutExpansion`. */
  readonly write: (file: string) => string
  readonly env?: NonEmpty<Variable>
}

/** The wants of a request for a variable whose secret a command writes: an init container that runs it and makes an env file. */
export const variablesByCommand = (
  request: SecretRequest,
  envVarPrefix: string,
  { content, name, write, env }: WrittenSecret,
): NonEmpty<Want> => {
  const file = envFileOf(request, envVarPrefix, content)
  const path = envFilePath(file)
  const value = `${path}.value`
  const make = `to_env ${value} ${path} ${scriptWord(name)} ${file.maxValueBytes}`
  const script = `${withoutExpansion(toEnv)}${write(value)}\n${make}\nrm ${value}`
  const step = envFileStep({ command: ['sh', '-ec', script], ...(env === undefined ? {} : { env }) })
  return fetchedVariables(file, envVarPrefix, step)
}

/** The variables of a file, in any volume. */
export const envFileVariables = (
  { names, content }: EnvFile,
  envVarPrefix: string,
  place: { readonly volumeName: string; readonly path: string },
): NonEmpty<Want> =>
  asVariables(names, envVarPrefix, { kind: 'fileKeyRef', ...place, key: variable, content })

/** Values that cannot become a variable, in the words of the init container. */
export const unfit = {
  key: 'it has no value under its key',
  empty: 'it is empty',
  nul: 'it holds a NUL',
  quote: 'it holds a single quote',
  lineEnd: 'it has line ends of Windows (CR LF)',
  text: 'it is not UTF-8',
  line: 'it has a line of more than 65,535 bytes',
  long: 'it is longer than Linux allows a variable',
} as const

/** This happens if busybox was built without the options of `od`. */
const odFails = 'the od of this image could not read it'

/** Follows the reason and ends every such message. */
export const noVariable = 'so it cannot be a variable: ask for it as a file'

/** @public docs/troubleshooting.md is made from them. */
export const reasons: readonly Reason[] = [
  {
    place: 'init-container',
    says: [
      noVariable,
      unfit.key,
      unfit.empty,
      unfit.nul,
      unfit.quote,
      unfit.lineEnd,
      unfit.text,
      unfit.line,
      unfit.long,
    ],
    why: 'The secret exists, but the kubelet cannot read its value from an env file (`function.envFiles`). An escaped value would reach the task changed.',
    todo: "Ask for it as a `FILE`, or store a value without `'` and with Unix line ends.",
  },
  {
    place: 'init-container',
    says: ['<program>: not found; the image must have od, wc and cat to make variables', odFails],
    why: 'The image of the init container lacks programs that the default image has.',
    todo: 'Use an image that has these programs from coreutils or busybox.',
  },
]

/** A command of the init container, which no user sees. @public test/messages */
export const unshown: readonly string[] = ['to_env <value> <file> <secret> <bytes>']

/** The longest line that the kubelet reads, with `V='` or the closing quote (Go's `bufio.MaxScanTokenSize` minus one). */
export const maxLineBytes = 64 * 1024 - 1

/**
 * A shell function for dash, bash and busybox: `to_env FILE ENV SECRET MAX` makes an env file from a file of at most MAX
 * bytes, or ends the container with the reason. It never quotes or drops anything, because the consumer would get another value. It
 * checks the bytes one by one, because not every image has a tool that finds invalid UTF-8. `sh -e` notices neither a failure
 * in the words of a `for` nor one before a `&&`.
 */
export const toEnv = `for tool in od wc cat; do
  command -v "$tool" > /dev/null || {
    printf '%s: not found; the image must have od, wc and cat to make variables\\n' "$tool" >&2
    exit 127
  }
done
not_made() {
  printf '%s: %s\\n' "$1" "$2" >&2
  exit 1
}
no_variable() { not_made "$1" "$2, ${noVariable}"; }
to_env() {
  [ -s "$1" ] || no_variable "$3" '${unfit.empty}'
  [ "$(wc -c < "$1")" -le "$4" ] || no_variable "$3" '${unfit.long}'
  line=3 last=0 more=0 low=128 high=191
  bytes=$(od -A n -v -t u1 "$1") || not_made "$3" '${odFails}'
  for byte in $bytes; do
    line=$((line + 1))
    if [ "$more" -gt 0 ]; then
      [ "$byte" -ge "$low" ] && [ "$byte" -le "$high" ] || no_variable "$3" '${unfit.text}'
      more=$((more - 1)) low=128 high=191
    else
      case $byte in
        0) no_variable "$3" '${unfit.nul}' ;;
        39) no_variable "$3" '${unfit.quote}' ;;
        10)
          [ "$last" != 13 ] || no_variable "$3" '${unfit.lineEnd}'
          line=0
          ;;
        ? | ?? | 1[01]? | 12[0-7]) ;;
        19[4-9] | 20? | 21? | 22[0-3]) more=1 ;;
        224) more=2 low=160 ;;
        237) more=2 high=159 ;;
        22[5-9] | 23?) more=2 ;;
        240) more=3 low=144 ;;
        244) more=3 high=143 ;;
        24[1-3]) more=3 ;;
        *) no_variable "$3" '${unfit.text}' ;;
      esac
    fi
    last=$byte
    [ "$line" -le ${maxLineBytes} ] || no_variable "$3" '${unfit.line}'
  done
  [ "$more" = 0 ] || no_variable "$3" '${unfit.text}'
  [ "$line" -lt ${maxLineBytes} ] || no_variable "$3" '${unfit.line}'
  { printf "${variable}='" && cat "$1" && printf "'\\n"; } > "$2.part" || not_made "$3" 'it could not be written'
  mv "$2.part" "$2"
}
`
