import { describe, expect, it } from 'vitest'
import { withoutDeadLinks } from '../../infra/package/links.ts'

const isThere = (target: string): boolean => target === 'deploy.md'

describe('a page of the package', () => {
  it.each([
    { what: 'a file that is there', page: 'see [how](deploy.md#costs), [here](#below)' },
    { what: 'a page of the web', page: '[![CI](https://example.com/a.svg)](https://example.com/)' },
  ])('keeps a link to $what', ({ page }) => {
    expect(withoutDeadLinks(page, isThere)).toBe(page)
  })

  it.each([
    { page: '[`gone`](../gone.ts#L1), [how](deploy.md)', becomes: '`gone`, [how](deploy.md)' },
    { page: '[![a picture](a.png)](a.png) of it', becomes: 'a picture of it' },
    { page: '[![CI](https://example.com/a.svg)](../x)', becomes: '![CI](https://example.com/a.svg)' },
  ])('has the text alone of a link to a file that the package has not: $page', ({ page, becomes }) => {
    expect(withoutDeadLinks(page, isThere)).toBe(becomes)
  })
})
