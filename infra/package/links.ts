/** A link or an image of Markdown, with its text and the file that it names. A text may hold an image. */
const link = /!?\[((?:!\[[^\]]*\]\([^)]*\)|[^\]])*)\]\(([^)\s#]+)(?:#[^)\s]*)?\)/g

/** Replaces each link of a Markdown text by its own text where it leads to no file, as `isThere` says of its target. */
export const withoutDeadLinks = (markdown: string, isThere: (target: string) => boolean): string =>
  markdown.replaceAll(link, (whole: string, text: string, target: string) =>
    /^[a-z]+:/.test(target) || isThere(target) ? whole : withoutDeadLinks(text, isThere),
  )
