import type { Document, ErrorCode } from 'yaml'

/** The meaning of each of the parser's errors for the author of the file. The parser's own messages quote the text and maybe a secret. */
const descriptions: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'an alias cannot have an anchor or a tag',
  BAD_ALIAS: 'an anchor or an alias has no proper name',
  BAD_COLLECTION_TYPE: 'a tag does not fit the list or mapping it stands at',
  BAD_DIRECTIVE: 'a line that begins with % is not a YAML directive',
  BAD_DQ_ESCAPE: 'a backslash in double quotes begins no escape sequence: write \\\\, or use single quotes',
  BAD_INDENT: 'the indentation is wrong, or a bracket, brace or quote is not closed',
  BAD_PROP_ORDER: 'an anchor or a tag stands at the wrong place',
  BAD_SCALAR_START: 'a value begins with a character that has a meaning in YAML: write it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a line holds two keys: begin a new line, or write the value in quotes',
  BLOCK_IN_FLOW: 'an indented list or mapping stands inside brackets or braces',
  DUPLICATE_KEY: 'a key stands twice',
  IMPOSSIBLE: 'this is not YAML',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  MISSING_CHAR: 'a character is missing: a space, a comma, a colon, a hyphen, or a closing quote or bracket',
  MULTILINE_IMPLICIT_KEY: 'a key goes over several lines: a colon may be missing',
  MULTIPLE_ANCHORS: 'a value has two anchors',
  MULTIPLE_DOCS: 'a second document begins here: the configuration is one document',
  MULTIPLE_TAGS: 'a value has two tags',
  NON_STRING_KEY: 'a key is not plain text',
  RESOURCE_EXHAUSTION: 'lists or mappings are nested too deep',
  TAB_AS_INDENT: 'a tab is used as indentation: use spaces',
  TAG_RESOLVE_FAILED: 'a tag is unknown, or does not fit its value: leave it out',
  UNEXPECTED_TOKEN: 'something unexpected stands here: a quote, a colon or the indentation may be wrong',
}

/** What is wrong with the YAML, without quoting its text. */
export const describeSyntaxError = (code: ErrorCode): string => descriptions[code]

/** The parser's findings about the YAML, one for each line, without quoting its text. */
export const syntaxErrorsOf = (
  { errors, warnings }: Document.Parsed,
  lineAt: (offset: number) => number,
): readonly { readonly line: number; readonly message: string }[] => {
  const found = [...errors, ...warnings].map(({ code, pos }) => ({
    line: lineAt(pos[0]),
    message: describeSyntaxError(code),
  }))
  return [...new Map(found.map((error) => [`${error.line} ${error.message}`, error])).values()]
}
