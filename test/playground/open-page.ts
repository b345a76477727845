import axe from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core'
import { chromiumPath } from './chromium.ts'

/** Starts the browser. Inside a container it has no sandbox of its own. */
export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] })

/** A page of the playground, as a person meets it. */
export interface OpenPage {
  readonly page: Page
  /** What went wrong in it, or left it: script errors, refusals of its Content-Security-Policy, requests for other files. */
  readonly faults: readonly string[]
  readonly close: () => Promise<void>
}

const files = ['', 'index.html', 'configured.js', 'main.js', 'style.css']

/** Opens the page at a URL in a browser context of its own, and waits for its first answer. */
export const openPage = async (
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> => {
  const context = await browser.newContext({ viewport: { width: 1400, height: 1000 }, ...options })
  const page = await context.newPage()
  const faults: string[] = []
  const own = new Set(files.map((file) => new URL(file, url).href))
  page.on('request', (request) => {
    const asked = request.url().split('#')[0] ?? ''
    if (!own.has(asked)) faults.push(`asks for ${asked}`)
  })
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text())
  })
  await page.goto(url)
  await page
    .getByText(/^(Allowed|Denied|Unavailable|The )/)
    .first()
    .waitFor()
  return { page, faults, close: () => context.close() }
}

/** The headline of the answer. */
export const titleOf = (page: Page): Promise<string> => page.locator('.verdict .title').innerText()

/** The editor with a label. */
export const editor = (page: Page, label: string): Locator =>
  page.getByRole('textbox', { name: label, exact: true })

/** Replaces what stands in an editor, as pasting does. */
export const paste = async (page: Page, label: string, text: string): Promise<void> => {
  await editor(page, label).click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`)
  await page.keyboard.press('ControlOrMeta+v')
}

/** The code under a title. */
export const codeOf = async (page: Page, title: string): Promise<string> =>
  (await page.locator(`pre[aria-label="${title}"]`).textContent()) ?? ''

/** The AdmissionReview in the shell command. */
export const reviewIn = (command: string): string =>
  command.slice(command.indexOf('\n{'), command.lastIndexOf('END'))

/** What axe-core finds wrong, each with the elements. */
export const accessibilityFaults = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe.source)
  return page.evaluate(
    'axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)))',
  )
}
