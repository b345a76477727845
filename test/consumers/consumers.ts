import { builtInModules } from '../../lib/managers/built-in.ts'
import type { ManagerConsumer, Texts } from './ways.ts'

const consumerOf = async (module: string): Promise<ManagerConsumer> => {
  const file = new URL(`../managers/consumers/${module}.ts`, import.meta.url)
  const { consumer }: { readonly consumer: ManagerConsumer } = await import(file.href)
  return consumer
}

const all = await Promise.all(Object.keys(builtInModules).map(consumerOf))

/** The ways in which managers deliver secrets to tasks, in the order of the documentation. */
export const consumers = all.flatMap(({ ways }) => ways)

/** Requests for missing secrets, with their outcome. */
export const missing = all.flatMap((one) => one.missing ?? [])

/** Merges the data that they need. Two consumers with the same key agree on its value. */
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
