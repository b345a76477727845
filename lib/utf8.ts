/** Reads bytes as UTF-8, unchanged; throws a TypeError if they are not valid UTF-8. */
export const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
