/** A configuration that cannot be used. The message is every problem, one a line: `webhook.yaml:12: webhook.foo: …`. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}
