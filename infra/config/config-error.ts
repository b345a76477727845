/** An invalid configuration. The message lists every problem, one per line: `webhook.yaml:12: webhook.foo: …`. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}
