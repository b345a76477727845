import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'

const pages = [
  { page: 'docs/deploy.md', what: 'the costs' },
  { page: 'docs/operations.md', what: 'the capacity' },
] as const

it.each(pages)('$what in $page match the output of the command above', async ({ page }) => {
  const markdown = await readFile(join(projectRoot, page), 'utf8')
  const [, command = 'false', printed] =
    /^```sh\n(node -e '\n.+?\n'\n)```\n\n```\n(.+?)^```$/ms.exec(markdown) ?? []
  const { stdout } = await promisify(execFile)('sh', ['-c', command])
  expect(stdout).toBe(printed)
})
