/** Node's names of styles that commands use. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** Text in a style, or as it is where no styles are wanted. */
export type Styled = (style: Style, text: string) => string
