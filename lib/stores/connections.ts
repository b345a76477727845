import { Agent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import type { Socket } from 'node:net'

/**
 * The connections of one client of the AWS SDK, which stay open between calls. While a Lambda environment is frozen, all of them can
 * die unnoticed: each attempt would then use the next dead one.
 */
export interface Connections {
  /** Options of the SDK's `requestHandler`. The agents set no limit: they open a connection for each call immediately. */
  readonly agents: { readonly httpAgent: Agent; readonly httpsAgent: SecureAgent }
  /** Whether a call that begins now may use a connection of an earlier call. */
  readonly hasIdle: () => boolean
  /** Closes unused connections. */
  readonly closeIdle: () => void
}

/** Creates the agents. They open nothing before the first call. */
export const createConnections = (): Connections => {
  const agents = {
    httpAgent: new Agent({ keepAlive: true }),
    httpsAgent: new SecureAgent({ keepAlive: true }),
  }
  const idle = (): readonly Socket[] =>
    Object.values(agents).flatMap(({ freeSockets }) =>
      Object.values(freeSockets).flatMap((some) => some ?? []),
    )
  return {
    agents,
    hasIdle: () => idle().length > 0,
    closeIdle: () => {
      for (const socket of idle()) socket.destroy()
    },
  }
}
