/**
 * The rules of Kubernetes and Linux that a patch could break. The names are those of the functions in
 * k8s.io/kubernetes/pkg/apis/core/validation and k8s.io/apimachinery/pkg/util/validation (v1.37).
 */

/** `IsRelaxedEnvVarName`, which `ValidateEnv` calls by default from Kubernetes 1.32: printable ASCII without `=`. */
const variableName = /^[\x20-\x3c\x3e-\x7e]+$/

/** `ValidateAnnotationsSize`: names and values of all annotations together, in bytes. */
const maxAnnotationBytes = 256 * 1024

/** Linux' `MAX_ARG_STRLEN`: `NAME=value`, or a word of a command, with the final NUL; `execve` fails with more. */
const maxWordBytes = 128 * 1024

/** Why no container can have a variable of this name, or undefined. */
export const whyNotAName = (name: string): string | undefined =>
  variableName.test(name) ? undefined : 'a variable name must be printable ASCII without "=" (ValidateEnv)'

/** Why no process can start with this variable, or undefined. Does not reveal the value. */
export const whyNotAValue = (name: string, value: string): string | undefined => {
  if (value.includes('\0')) return 'a variable cannot contain a NUL'
  return Buffer.byteLength(name) + Buffer.byteLength(value) + 2 > maxWordBytes
    ? `its name and value exceed the ${maxWordBytes} bytes that Linux allows`
    : undefined
}

/** Why no process can start with this word of a command, or undefined. */
export const whyNotAWord = (word: string): string | undefined =>
  Buffer.byteLength(word) + 1 > maxWordBytes
    ? `one of its words exceeds the ${maxWordBytes} bytes that Linux allows`
    : undefined

/** Whether a pod can have these annotations. */
export const annotationsFit = (annotations: readonly (readonly [string, string])[]): boolean =>
  annotations.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0) <=
  maxAnnotationBytes
