import type { Injector } from '../manager-kit/injector.ts'
import { vaultInjector } from './vault-injector.ts'

/** Every injector that may have changed a pod. The bundle holds all of them, because they are only data. */
export const injectors: readonly Injector[] = [vaultInjector]
