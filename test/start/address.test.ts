import { expect, it } from 'vitest'
import { addressOf, baseOf } from '../../infra/start/address.ts'

it.each([
  { host: 'localhost', address: '127.0.0.1', base: 'https://localhost:8443' },
  { host: 'host.docker.internal', address: '127.0.0.1', base: 'https://host.docker.internal:8443' },
  { host: '172.18.0.1', address: '172.18.0.1', base: 'https://172.18.0.1:8443' },
  { host: 'fd00::1', address: 'fd00::1', base: 'https://[fd00::1]:8443' },
])('the host $host is served at $address', ({ host, address, base }) => {
  expect({ address: addressOf(host), base: baseOf({ host, port: 8443 }) }).toEqual({ address, base })
})
