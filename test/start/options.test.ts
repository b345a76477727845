import { describe, expect, it } from 'vitest'
import { UsageError } from '../../infra/build/failure.ts'
import { parseStartOptions } from '../../infra/start/options.ts'

describe('the options of npm start', () => {
  it('are webhook.yaml on port 8443 unless said otherwise', () => {
    expect(parseStartOptions([])).toEqual({ port: 8443, configFile: `${process.cwd()}/webhook.yaml` })
    expect(parseStartOptions(['--port', '9000', '--config', '/x.yaml'])).toEqual({
      port: 9000,
      configFile: '/x.yaml',
    })
  })

  it.each(['0', '65536', '-1', '80.5', 'http', ''])('refuse the port %j', (port) => {
    expect(() => parseStartOptions([`--port=${port}`])).toThrow(UsageError)
  })

  it('refuse what they do not know', () => {
    expect(() => parseStartOptions(['--prt', '1'])).toThrow(/--prt/)
  })
})
