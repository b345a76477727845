// node test/differences/compare.ts COMMIT [BODIES]: sends the recorded cases and BODIES generated bodies (default: 100,000, some hostile)
// to the webhook of an earlier commit and to this one. Fails if an answer's status, headers or body differ in a byte. Counts the only
// intended difference: the webhook does not notice what is broken inside managedFields (specification §5).
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { createHandler } from '../../lib/gateway/handler.ts'
import { worldOf } from '../conformance/case-world.ts'
import { cases, ownCases } from '../conformance/recorded-cases.ts'
import { pods } from '../support/arbitrary-pods.ts'
import { earlierTree } from '../support/earlier-tree.ts'
import { eventShapes, lambdaContext } from '../support/events.ts'
import { managerNames } from '../support/managers.ts'
import * as support from '../support/webhook.ts'
import { hostile } from './hostile.ts'

const [, , commit = 'HEAD', count = '100000'] = process.argv

/** The parts of a tree that run its webhook. Each tree uses its own test support. */
interface Tree {
  readonly worldOf: typeof worldOf
  readonly support: typeof support
  readonly createHandler: typeof createHandler
}

const now: Tree = { worldOf, support, createHandler }

const treeAt = async (folder: string): Promise<Tree> => ({
  worldOf: (await import(join(folder, 'test/conformance/case-world.ts'))).worldOf,
  support: await import(join(folder, 'test/support/webhook.ts')),
  createHandler: (await import(join(folder, 'lib/gateway/handler.ts'))).createHandler,
})

/** The configurations that answer the generated reviews. */
const configurations = managerNames.flatMap((name) =>
  ['flyte1', 'flyte2'].map((profile) => ({
    webhook: { secretManagerTypes: [name] },
    function: { profile, onFailure: profile === 'flyte1' ? 'deny' : 'admit' },
  })),
)

const environment = { FLYTE_SECRET_DB_PASSWORD: 'a value$(X)', FLYTE_SECRET_API_USER: 'ü' }

const handlersOf = (tree: Tree) =>
  configurations.map((sections) => {
    const config = tree.support.configFrom(sections)
    return tree.createHandler(tree.support.webhookIn({ config, environment }).webhook)
  })

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const earlier = await earlierTree(commit)
const trees = [await treeAt(earlier), now] as const
let differences = 0
const differ = (what: string, answers: readonly [unknown, unknown]): boolean => {
  const [before, after] = answers.map((answer) => JSON.stringify(answer))
  if (before === after) return false
  console.error(`${what}\n  before ${before}\n  now    ${after}`)
  differences++
  return true
}

for (const one of [...cases, ...ownCases]) {
  const [before, after] = await Promise.all(
    trees.map((tree) => tree.support.call(tree.worldOf(one).webhook, support.reviewOf(one.pod))),
  )
  differ(one.id, [before, after])
}

const [earlierHandlers, handlers] = trees.map(handlersOf)
const calls = fc.record({
  body: fc.oneof(
    { weight: 3, arbitrary: pods.map((pod) => support.reviewOf(pod)) },
    { weight: 1, arbitrary: hostile },
  ),
  shape: fc.constantFrom(...eventShapes),
  configuration: fc.nat(configurations.length - 1),
})
let unnoticed = 0
let patched = 0
let refused = 0
const seed = Date.now() % 2 ** 31
for (const { body, shape, configuration } of fc.sample(calls, { numRuns: Number(count), seed })) {
  const event = shape.event({ body })
  const [before, after] = await Promise.all(
    [earlierHandlers, handlers].map(async (own) => own?.[configuration]?.(event, lambdaContext())),
  )
  if (after?.body.includes('"patch"')) patched++
  if (
    before?.statusCode === 400 &&
    after?.statusCode !== 400 &&
    body.includes('managedFields') &&
    !isJson(body)
  )
    unnoticed++
  else if (differ(`seed ${seed}, ${JSON.stringify(configurations[configuration])}: ${body}`, [before, after]))
    break
  if (after?.statusCode !== 200) refused++
}

await rm(earlier, { recursive: true })
console.log(
  `${cases.length + ownCases.length} recorded cases and ${count} generated bodies (${patched} got a patch, ${refused} no review): ` +
    `${differences} answers differ from those of ${commit}; ${unnoticed} no longer report broken managedFields`,
)
process.exitCode = differences === 0 ? 0 : 1
