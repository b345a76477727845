import { join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'
import { flyteWebhook } from '../support/command.ts'

/** The README's picture of a terminal session. */
export const previewPictureFile = join(projectRoot, 'docs', 'preview.svg')

const args = ['preview', 'examples/task.yaml', '--secret', 'db-creds/password:ENV_VAR=DB_PASSWORD']

/** The attributes of a `tspan` by the code that begins them (ECMA-48, "Select Graphic Rendition"). */
const styles: Readonly<Record<string, string>> = {
  1: 'font-weight="bold"',
  2: 'opacity=".65"',
  31: 'fill="#ff7b72"',
  32: 'fill="#7ee787"',
  33: 'fill="#f2cc60"',
  36: 'fill="#79c0ff"',
}

const lineHeight = 18
const padding = 16
const characterWidth = 7.9

/** Runs `flyte-webhook preview` on a terminal in color and draws the command and its output as SVG. */
export const previewPicture = async (): Promise<string> => {
  const { stdout } = await flyteWebhook(args, { env: { FORCE_COLOR: '1', NO_COLOR: '' } })
  const command = `\u001B[2m$\u001B[22m npx flyte-webhook ${args.join(' ')}`
  const lines = [command, '', ...stdout.trimEnd().split('\n')]
  const columns = Math.max(...lines.map((line) => line.replaceAll(code, '').length))
  const width = Math.ceil(columns * characterWidth) + 2 * padding
  const height = lines.length * lineHeight + 2 * padding
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(`flyte-webhook ${args.join(' ')}`)}</title>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g fill="#e6edf3" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13">
${lines.map((line, at) => `<text x="${padding}" y="${padding + (at + 0.75) * lineHeight}">${drawn(line)}</text>`).join('\n')}
</g>
</svg>
`
}

/** The codes around styled text: one begins a style, one ends it. */
// oxlint-disable-next-line no-control-regex -- these codes begin with a control character
const code = /\u001B\[(\d+)m/g

const drawn = (line: string): string =>
  line.split(code).reduce((svg, part, at) => svg + (at % 2 === 0 ? escaped(part) : tag(part)), '')

const tag = (style: string): string => (style in styles ? `<tspan ${styles[style]}>` : '</tspan>')

/** SVG joins ordinary spaces into one. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll(' ', '\u00A0')
