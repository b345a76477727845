// node test/differences/compare.ts COMMIT [BODIES]: answers the recorded cases and made bodies (100,000 unless another number is given) by the
// webhook of an earlier commit and by this one, and fails where status, headers or body of an answer differ in a byte. Some made bodies are
// hostile. The one difference that is intended is counted: what is broken inside managedFields goes unnoticed (specification §5).
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

/** What is asked of the webhook of a tree: its own test support makes it. */
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

/** All sections that the made bodies are answered by. */
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
  `${cases.length + ownCases.length} recorded cases and ${count} made bodies, of which ${patched} got a patch and ${refused} no review: ` +
    `${differences} answers differ from those of ${commit}, and in ${unnoticed} managedFields that are broken inside went unnoticed`,
)
process.exitCode = differences === 0 ? 0 : 1
