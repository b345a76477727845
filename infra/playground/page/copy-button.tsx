import type { VNode } from 'preact'
import { useState } from 'preact/hooks'

const shownMs = 2000

/** A button that copies a text, and also tells screen readers whether it worked. */
const Copying = ({
  words,
  label,
  text,
}: {
  readonly words: string
  readonly label: string
  readonly text: () => string | Promise<string>
}): VNode => {
  const [said, setSaid] = useState('')
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(await text())
      setSaid('Copied')
    } catch {
      // A page without a secure context has no clipboard.
      setSaid('The browser blocks it: copy it by hand')
    }
    setTimeout(() => setSaid(''), shownMs)
  }
  return (
    <>
      <button type="button" class="quiet" aria-label={label} onClick={() => void copy()}>
        {said === '' ? words : said}
      </button>
      <span class="hidden" role="status">
        {said}
      </span>
    </>
  )
}

/** Copies the text next to it. `what` names the text. */
export const CopyButton = ({ what, text }: { readonly what: string; readonly text: string }): VNode => (
  <Copying words="Copy" label={`Copy ${what}`} text={() => text} />
)

/** Copies a link to what the page currently shows. */
export const CopyLink = ({ link }: { readonly link: () => Promise<string> }): VNode => (
  <Copying words="Copy link" label="Copy link to this case" text={link} />
)
