/** Reads bytes that must be UTF-8, as they are; throws a TypeError where they are not. */
export const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
