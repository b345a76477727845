import type { Document, ErrorCode } from 'yaml'

/** The meaning of each of the parser's errors for the author of the file. The parser's own messages quote the text and maybe a secret. */
const descriptions: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'an alias cannot have an anchor or a tag',
  BAD_ALIAS: 'the name of an anchor or an alias is missing or invalid',
  BAD_COLLECTION_TYPE: 'a tag does not match its list or mapping',
  BAD_DIRECTIVE: 'a line that begins with % is not a YAML directive',
  BAD_DQ_ESCAPE:
    'a backslash in double quotes does not begin an escape sequence: write \\\\, or use single quotes',
  BAD_INDENT: 'the indentation is wrong, or a bracket, brace or quote is not closed',
  BAD_PROP_ORDER: 'an anchor or a tag is in the wrong place',
  BAD_SCALAR_START: 'a value begins with a special character of YAML: put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a line contains two keys: start a new line, or put the value in quotes',
  BLOCK_IN_FLOW: 'an indented list or mapping is inside brackets or braces',
  DUPLICATE_KEY: 'duplicate key',
  IMPOSSIBLE: 'this is not YAML',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  MISSING_CHAR: 'a character is missing: a space, a comma, a colon, a hyphen, or a closing quote or bracket',
  MULTILINE_IMPLICIT_KEY: 'a key spans several lines: a colon may be missing',
  MULTIPLE_ANCHORS: 'a value has two anchors',
  MULTIPLE_DOCS: 'a second document begins here: the configuration must be one document',
  MULTIPLE_TAGS: 'a value has two tags',
  NON_STRING_KEY: 'a key is not plain text',
  RESOURCE_EXHAUSTION: 'lists or mappings are nested too deep',
  TAB_AS_INDENT: 'a tab is used as indentation: use spaces',
  TAG_RESOLVE_FAILED: 'a tag is unknown, or does not match its value: remove it',
  UNEXPECTED_TOKEN: 'unexpected text: a quote, a colon or the indentation may be wrong',
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
