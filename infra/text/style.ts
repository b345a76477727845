/** The styles that commands use, by Node's names. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** Formats text in a style, or returns it unchanged if styles are off. */
export type Styled = (style: Style, text: string) => string
