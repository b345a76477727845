import { printable } from '../../lib/admission/status.ts'
import type { Style, Styled } from '../text/style.ts'
import type { Existence } from '../existence/existence.ts'
import { type Explanation, fromFile, type ManagerSaid, withWayOut } from './explanation.ts'
import { podDiff } from './pod-diff.ts'
import type { Preview } from './preview.ts'

/** Formats a preview for a person: the pod before and after as a unified diff, then the explanation. */
export const previewText = (preview: Preview, styled: Styled): string =>
  [
    changeOf(preview, styled).join('\n'),
    ...preview.requests.map((request) => explanationOf(request, styled).join('\n')),
    ...preview.warnings.map((warning) => `${styled('yellow', 'warning:')} ${printable(warning)}`),
  ].join('\n\n')

const changeOf = (preview: Preview, styled: Styled): readonly string[] => {
  const { refused, apart, before, after, patch, warnings } = preview
  if (refused !== undefined) {
    const causes = refused.details?.causes ?? []
    return [
      `${styled('red', refused.code === 503 ? 'unavailable' : 'denied')} (${refused.code} ${refused.reason}): ${refused.message}`,
      ...causes.map(({ field, message }) => `  ${field}: ${message}`),
    ]
  }
  if (apart !== undefined) return [`no change: ${apart}`]
  const diff = podDiff(before, after)
  if (diff.length > 0) return diff.map((line) => coloured(line, styled))
  if (patch.length > 0) return ['only values change, and they are not shown']
  return [warnings.length > 0 ? 'no change' : 'no change: the pod already has its secrets']
}

const coloured = (line: string, styled: Styled): string => {
  const style = diffStyle(line)
  return style === undefined ? line : styled(style, line)
}

const diffStyle = (line: string): Style | undefined => {
  if (line.startsWith('--- ') || line.startsWith('+++ ')) return 'bold'
  if (line.startsWith('@@')) return 'cyan'
  if (line.startsWith('+')) return 'green'
  return line.startsWith('-') ? 'red' : undefined
}

const explanationOf = (explanation: Explanation, styled: Styled): readonly string[] => {
  const annotation = styled('bold', printable(explanation.annotation))
  if ('broken' in explanation)
    return [annotation, `  ${styled('red', 'cannot be read')}: ${explanation.broken}`]
  return [
    `${annotation}  ${explanation.request}`,
    ...explanation.asked.map((said) => `  ${said.manager}: ${wordsOf(said, styled)}`),
  ]
}

const wordsOf = (said: ManagerSaid, styled: Styled): string => {
  switch (said.said) {
    case 'will inject':
      return `${styled('green', 'will inject')}${existenceOf(said.existence, styled)}: ${printable(givenIn(said))}`
    case 'skipped':
      return `${styled('dim', 'skipped')}: ${printable(withWayOut(said))}`
    case 'failed':
      return `${styled('red', 'failed')}: ${printable(said.why)}`
  }
}

const existenceOf = (existence: Existence, styled: Styled): string => {
  switch (existence.known) {
    case 'value read':
      return ''
    case 'exists':
      return ' (it exists)'
    case 'missing':
      return ` (${styled('red', 'missing')}: ${printable(existence.why)})`
    case 'no answer':
      return ` (${styled('red', 'existence unknown')}: ${printable(existence.why)})`
    case 'not checked':
      return existence.why === undefined
        ? ' (existence not checked)'
        : ` (existence not checked: ${printable(existence.why)})`
  }
}

const givenIn = ({
  variables,
  variablesFromFiles,
  files,
  annotations,
  byInitContainer,
}: Extract<ManagerSaid, { said: 'will inject' }>): string =>
  [
    listed('file', files),
    byInitContainer ? 'created by an init container' : '',
    listed(
      'variable',
      variables.filter((name) => !variablesFromFiles.includes(name)),
    ),
    listed('variable', variablesFromFiles),
    variablesFromFiles.length === 0 ? '' : fromFile,
    annotations.length === 0 ? '' : `${annotations.length} annotations`,
  ]
    .filter((words) => words !== '')
    .join('; ')

const listed = (what: string, names: readonly string[]): string =>
  names.length === 0 ? '' : `${names.length > 1 ? `${what}s` : what} ${names.join(', ')}`
