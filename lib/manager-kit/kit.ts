/** The kit of a secret manager for authors outside this project: `flyte-webhook/manager`. This project imports each module directly. */
export { defineManager, filesOrBoth } from './definition.ts'
export type {
  AskedField,
  AskedFields,
  Deployment,
  Follower,
  Host,
  ManagerDefinition,
  Makes,
  Notice,
  Reader,
  Trial,
} from './definition.ts'
export type { Key, Keys, OptionsOf, SecretRef } from './keys.ts'
export { asVariable, fileOnly, fileVariables, literal, notMine, whyNoLinuxContainer } from './manager.ts'
export type { PodFacts, PureManager, Resolution } from './manager.ts'
export {
  fetched,
  fetchedPath,
  mountsOf,
  onePullContainerEach,
  restricted,
  scriptCommand,
  whyNotFetched,
} from './pull.ts'
export type { Puller, PullOptions } from './pull.ts'
export { pullKeys } from './pull-keys.ts'
export {
  envFileOf,
  envFilePath,
  envFileStep,
  fetchedVariables,
  isEnvFileStep,
  toEnv,
  variablesByCommand,
} from './env-file.ts'
export type { EnvFile, WrittenSecret } from './env-file.ts'
export { groupVolumeName } from './group-volume-name.ts'
export { makesFilesOnly, needsGroup, needsGroupAndKey, needsKey, needsLinux } from './reason.ts'
export { withoutExpansion } from '../kubelet-expansion.ts'
export { insideDoubleQuotes, scriptWord, shellWord } from './shell.ts'
export type { FetchStep, PrivateVolume, PullContainer, PullMount, Source, Variable, Want } from './wants.ts'
export type { Resources } from './resources.ts'
export { filePath, secretsDirectory, variableName } from '../request/names.ts'
export type { FilePath, PossiblePath } from '../request/names.ts'
export type { SecretRequest } from '../request/secret-request.ts'
export type { NonEmpty } from '../errors.ts'
