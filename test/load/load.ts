// npm run test:load: sends bursts of pods through a real API server with and without the webhook, and many reviews in a row to
// `npm start`. Prints the figures and writes them to docs/reliability.md. Fails if a pod is lost or wrong, if a call fails, or
// if memory grows. KUBEBUILDER_ASSETS names a folder with kube-apiserver and etcd.
import { availableParallelism } from 'node:os'
import { ApiServer } from '../e2e/api-server.ts'
import { WebhookServer } from '../e2e/webhook-server.ts'
import { writeSection } from '../support/marked-section.ts'
import { type Comparison, compareBursts, prepareBursts } from './comparison.ts'
import { figuresFile, figuresSection, figuresText } from './figures.ts'
import { isFlat, soak, type SoakFigures } from './soak.ts'

const runs = 3
const burst = { count: 1000, atOnce: 32 }
const reviews = 20_000

/** Measures the bursts, and returns the API server's version as well. */
const measureBursts = async (assets: string) => {
  const [api, webhooks] = await Promise.all([ApiServer.start(assets), WebhookServer.start()])
  try {
    const { gitVersion }: { gitVersion: string } = (await api.send('GET', '/version')).json
    await prepareBursts(api, webhooks)
    // Programs are slower right after their start.
    await compareBursts(api, { ...burst, first: 'with', count: 200 })
    const comparisons: Comparison[] = []
    while (comparisons.length < runs) {
      const first = comparisons.length % 2 === 0 ? 'with' : 'without'
      const comparison = await compareBursts(api, { ...burst, first })
      comparisons.push(comparison)
      console.error(`burst ${comparisons.length} of ${runs}: ${JSON.stringify(comparison.with.outcome)}`)
    }
    return { comparisons, gitVersion }
  } finally {
    await Promise.all([api.stop(), webhooks.stop()])
  }
}

const measureSoaks = async (): Promise<readonly SoakFigures[]> => {
  const soaks: SoakFigures[] = []
  while (soaks.length < runs) {
    let done = 0
    const onAnswer = (): void => {
      if (++done % 4000 === 0) console.error(`soak ${soaks.length + 1} of ${runs}: ${done} answers`)
    }
    soaks.push(await soak(reviews, onAnswer))
  }
  return soaks
}

/** Returns the violated expectations, in words. */
const faultsOf = (comparisons: readonly Comparison[], soaks: readonly SoakFigures[]): readonly string[] => [
  ...comparisons
    .filter(({ with: { outcome } }) => outcome.served !== burst.count)
    .map(() => 'a pod is lost, or without its secrets'),
  ...comparisons
    .filter(({ without: { outcome } }) => outcome.untouched !== burst.count)
    .map(() => 'a pod of the other namespace is lost, or changed'),
  ...soaks
    .filter(({ answered, failed }) => answered !== reviews || failed > 0)
    .map(() => 'a review has failed'),
  ...soaks.filter((figures) => !isFlat(figures)).map(() => 'memory grows'),
]

const assets = process.env['KUBEBUILDER_ASSETS']
if (assets === undefined) {
  console.error('KUBEBUILDER_ASSETS must name a folder with kube-apiserver, etcd and kubectl.')
  process.exit(1)
}
const { comparisons, gitVersion } = await measureBursts(assets)
const soaks = await measureSoaks()
const machine = `${availableParallelism()} cores for all programs, Node ${process.versions.node}, kube-apiserver ${gitVersion}`
const text = figuresText({ date: new Date(), machine, comparisons, soaks })
console.log(text)
const faults = faultsOf(comparisons, soaks)
if (faults.length === 0) await writeSection(figuresFile, figuresSection, text)
for (const fault of faults) console.error(`not written: ${fault}`)
process.exitCode = faults.length === 0 ? 0 : 1
