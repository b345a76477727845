import type { Injector } from '../manager-kit/injector.ts'
import { vaultInjector } from './vault-injector.ts'

/** Every injector that a pod may have met. The bundle holds all of them, and they are data only. */
export const injectors: readonly Injector[] = [vaultInjector]
