import { builtInModules } from '../../lib/managers/built-in.ts'
import type { ManagerConsumer, Texts } from './ways.ts'

const consumerOf = async (module: string): Promise<ManagerConsumer> => {
  const file = new URL(`../managers/consumers/${module}.ts`, import.meta.url)
  const { consumer }: { readonly consumer: ManagerConsumer } = await import(file.href)
  return consumer
}

const all = await Promise.all(Object.keys(builtInModules).map(consumerOf))

/** How secrets reach tasks, by all managers in the order of the documentation. */
export const consumers = all.flatMap(({ ways }) => ways)

/** Secrets that are not there, and what becomes of a pod that asks for one of them. */
export const missing = all.flatMap((one) => one.missing ?? [])

/** What they need to be there, put together. Where two need the same, they say the same. */
const merged = <T>(
  parts: readonly (Readonly<Record<string, T>> | undefined)[],
): Readonly<Record<string, T>> => Object.fromEntries(parts.flatMap((part) => Object.entries(part ?? {})))

export const kubernetesSecrets: Readonly<Record<string, Texts>> = {
  'of-the-user': { token: 'user' },
  ...merged(all.map((one) => one.kubernetesSecrets)),
}
export const secretsManager = merged(all.map((one) => one.secretsManager))
export const held = merged(all.map((one) => one.held))
export const programs = merged(all.map((one) => one.programs))
export const entrypoints = merged(all.map((one) => one.entrypoints))
export const environment = merged(all.map((one) => one.environment))
export const files = merged(all.map((one) => one.files))
