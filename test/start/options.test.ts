import { describe, expect, it } from 'vitest'
import { UsageError } from '../../infra/build/failure.ts'
import { addressOf, baseOf, parseStartOptions } from '../../infra/start/options.ts'

describe('the options of npm start', () => {
  it('are webhook.yaml on port 8443 unless said otherwise', () => {
    expect(parseStartOptions([])).toEqual({
      isHelpWanted: false,
      port: 8443,
      host: 'localhost',
      configFile: `${process.cwd()}/webhook.yaml`,
    })
    expect(parseStartOptions(['--port', '9000', '--config', '/x.yaml', '-h'])).toMatchObject({
      isHelpWanted: true,
      port: 9000,
      configFile: '/x.yaml',
    })
  })

  it.each(['0', '65536', '-1', '80.5', 'http', ''])('refuse the port %j', (port) => {
    expect(() => parseStartOptions([`--port=${port}`])).toThrow(UsageError)
  })

  it.each([
    { host: 'localhost', address: '127.0.0.1', base: 'https://localhost:8443' },
    { host: 'host.docker.internal', address: '127.0.0.1', base: 'https://host.docker.internal:8443' },
    { host: '172.18.0.1', address: '172.18.0.1', base: 'https://172.18.0.1:8443' },
    { host: 'fd00::1', address: 'fd00::1', base: 'https://[fd00::1]:8443' },
  ])('name the host $host, served at $address', ({ host, address, base }) => {
    const options = parseStartOptions(['--host', host])
    expect({ address: addressOf(options.host), base: baseOf(options) }).toEqual({ address, base })
  })

  it.each(['https://localhost', 'a b', '', '-x'])('refuse the host %j', (host) => {
    expect(() => parseStartOptions([`--host=${host}`])).toThrow(UsageError)
  })

  it('refuse what they do not know', () => {
    expect(() => parseStartOptions(['--prt', '1'])).toThrow(/--prt/)
  })
})
