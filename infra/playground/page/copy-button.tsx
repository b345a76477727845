import type { VNode } from 'preact'
import { useState } from 'preact/hooks'

const shownMs = 2000

/** A button that copies a text. What became of it is said to who cannot see it too. */
const Copying = ({
  words,
  label,
  text,
}: {
  readonly words: string
  readonly label: string
  readonly text: () => string
}): VNode => {
  const [said, setSaid] = useState('')
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text())
      setSaid('Copied')
    } catch {
      // A page that is no secure context has no clipboard.
      setSaid('The browser refuses: select and copy it')
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

/** Copies what stands beside it; `what` names it. */
export const CopyButton = ({ what, text }: { readonly what: string; readonly text: string }): VNode => (
  <Copying words="Copy" label={`Copy ${what}`} text={() => text} />
)

/** Copies the page's address with its case. */
export const CopyLink = (): VNode => (
  <Copying words="Copy link" label="Copy link to this case" text={() => location.href} />
)
