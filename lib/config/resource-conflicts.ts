import type { AnyDescription } from '../manager-kit/definition.ts'
import type { Resources } from '../manager-kit/resources.ts'
import { everyKey } from './manager-keys.ts'
import { valueAt } from '../yaml/plain-data.ts'
import { type ConfigFinding } from './problem.ts'
import { formatPath, type Path } from '../yaml/path.ts'
import { parseQuantity } from './quantity.ts'
import {
  asWrittenResources,
  isCounted,
  isOvercommittable,
  resolveResources,
  type WrittenResources,
} from './resources.ts'
import type { WebhookYaml } from './schema.ts'

interface Block {
  readonly path: Path
  readonly written: WrittenResources
  readonly defaults: Resources
}

/** Valid single resources that Kubernetes' `ValidateContainerResourceRequirements` would refuse together in every pod. */
export const findResourceConflicts = (
  input: WebhookYaml,
  managers: readonly AnyDescription[],
): readonly ConfigFinding[] =>
  blocksOf(input, managers).flatMap((block) => {
    const resolved = resolveResources(block.written, block.defaults)
    return Object.keys({ ...resolved.requests, ...resolved.limits }).flatMap((name) => [
      ...findFraction(block, 'requests', name),
      ...findFraction(block, 'limits', name),
      ...findConflict(block, resolved, name),
    ])
  })

const blocksOf = (input: WebhookYaml, managers: readonly AnyDescription[]): readonly Block[] =>
  everyKey(managers).flatMap(({ path, key }) =>
    key.kind === 'resources'
      ? [{ path, written: asWrittenResources(valueAt(input, path)), defaults: key.default }]
      : [],
  )

const nanosOf = (quantity: string): bigint => parseQuantity(quantity)?.nanos ?? 0n

const findFraction = (block: Block, kind: 'requests' | 'limits', name: string): readonly ConfigFinding[] => {
  const written = block.written?.[kind]?.[name]
  if (written === undefined || !isCounted(name) || nanosOf(written) % nanosOf('1') === 0n) return []
  return [{ path: [...block.path, kind, name], message: 'must be a whole number: it is a count' }]
}

const findConflict = (block: Block, resolved: Resources, name: string): readonly ConfigFinding[] => {
  const request = resolved.requests[name]
  const limit = resolved.limits[name]
  if (request === undefined) return []
  const requestPath = [...block.path, 'requests', name]
  const limitPath = [...block.path, 'limits', name]
  const reads = [requestPath, limitPath]
  const path = block.written?.requests?.[name] === undefined ? limitPath : requestPath
  const isOver = limit !== undefined && nanosOf(request) > nanosOf(limit)
  if (isOver) {
    const message = `the request ${request} exceeds the limit ${limit}: set both ${formatPath(requestPath)} and ${formatPath(limitPath)}`
    return [{ path, message, reads }]
  }
  if (isOvercommittable(name) || (limit !== undefined && nanosOf(request) === nanosOf(limit))) return []
  return [
    { path, message: 'must be the same in requests and limits: Kubernetes does not overcommit it', reads },
  ]
}
