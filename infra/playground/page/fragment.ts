import { emptyState, type State, state } from './state.ts'

/** A state read from a URL's fragment, or in one sentence why there is none. */
export type ReadFragment =
  | { readonly kind: 'state'; readonly state: State }
  | { readonly kind: 'broken'; readonly why: string }

/** The first part says how the rest is written, so that another form can follow. */
const form = '1.'
/** Far more than a pod of an API server (etcd holds 1.5 MiB), and little for a browser. */
const maxBytes = 4 * 1024 * 1024

/** The fragment of a state, without `#`: what differs from the empty state, as JSON, compressed (RFC 1951), in base64url. */
export const writeFragment = async (whole: State): Promise<string> => {
  const usual = new Map<string, unknown>(Object.entries(emptyState))
  const changed = Object.entries(whole).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(usual.get(name)),
  )
  const json = new Blob([JSON.stringify(Object.fromEntries(changed))])
  return form + toBase64Url(await bytesOf(json.stream().pipeThrough(new CompressionStream('deflate-raw'))))
}

/** Reads a fragment, without `#`, whoever wrote it. */
export const readFragment = async (fragment: string): Promise<ReadFragment> => {
  if (!fragment.startsWith(form)) return broken('another or a newer playground made it')
  try {
    const packed = new Blob([fromBase64Url(fragment.slice(form.length))])
    const bytes = await bytesOf(packed.stream().pipeThrough(new DecompressionStream('deflate-raw')))
    const written: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    const read = state.safeParse({ ...emptyState, ...Object(written) })
    return read.success ? { kind: 'state', state: read.data } : broken('it does not hold a case')
  } catch (error) {
    return broken(error instanceof RangeError ? error.message : 'it is incomplete, or was changed')
  }
}

const broken = (why: string): ReadFragment => ({ kind: 'broken', why })

/** All bytes of a stream. A few of them can unfold to very many: too many fail with a `RangeError`. */
const bytesOf = async (stream: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> => {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  const reader = stream.getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    chunks.push(new Uint8Array(next.value))
    size += next.value.length
    if (size <= maxBytes) continue
    await reader.cancel()
    throw new RangeError('it is larger than any pod')
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer())
}

const toBase64Url = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

const fromBase64Url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
    character.charCodeAt(0),
  )
