import type { VNode } from 'preact'
import { CopyButton } from './copy-button.tsx'

/** Code under its title, with a copy button. Long code scrolls. */
export const CodeBlock = ({
  title,
  code,
  isLong = false,
}: {
  readonly title: string
  readonly code: string
  readonly isLong?: boolean
}): VNode => (
  <div class="code">
    <div class="head">
      <h3>{title}</h3>
      <CopyButton what={title} text={code} />
    </div>
    {/* The keyboard must reach what scrolls. */}
    <pre class={isLong ? 'long' : ''} tabIndex={0} role="group" aria-label={title}>
      <code>{code}</code>
    </pre>
  </div>
)
