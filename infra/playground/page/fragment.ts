import { emptyState, type State, state } from './state.ts'

/** The state in a URL's fragment, or a sentence with why it cannot be read. */
export type ReadFragment =
  | { readonly kind: 'state'; readonly state: State }
  | { readonly kind: 'broken'; readonly why: string }

/** The prefix names the format of the rest, so that another format can follow. */
const form = '1.'
/** Far more than a pod of an API server (etcd accepts 1.5 MiB), and little for a browser. */
const maxBytes = 4 * 1024 * 1024

/** Returns the fragment of a state, without `#`: its difference from the empty state as JSON, deflated (RFC 1951), in base64url. */
export const writeFragment = async (whole: State): Promise<string> => {
  const usual = new Map<string, unknown>(Object.entries(emptyState))
  const changed = Object.entries(whole).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(usual.get(name)),
  )
  const json = new Blob([JSON.stringify(Object.fromEntries(changed))])
  return form + toBase64Url(await bytesOf(json.stream().pipeThrough(new CompressionStream('deflate-raw'))))
}

/** Reads a fragment from any author, without `#`. */
export const readFragment = async (fragment: string): Promise<ReadFragment> => {
  if (!fragment.startsWith(form)) return broken('it is from another version of the playground')
  try {
    const packed = new Blob([fromBase64Url(fragment.slice(form.length))])
    const bytes = await bytesOf(packed.stream().pipeThrough(new DecompressionStream('deflate-raw')))
    const written: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    const read = state.safeParse({ ...emptyState, ...Object(written) })
    return read.success ? { kind: 'state', state: read.data } : broken('it does not contain a case')
  } catch (error) {
    return broken(error instanceof RangeError ? error.message : 'it is incomplete, or was changed')
  }
}

const broken = (why: string): ReadFragment => ({ kind: 'broken', why })

/** Reads all bytes of a stream. Throws a `RangeError` on too many: a few compressed bytes can expand to very many. */
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
