import axe from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core'
import { chromiumPath } from './chromium.ts'

/** Starts the browser without its sandbox, which does not work in a container. */
export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] })

/** A page of the playground in a browser. */
export interface OpenPage {
  readonly page: Page
  /** Script errors, violations of its Content-Security-Policy, and requests for other files. */
  readonly faults: readonly string[]
  readonly close: () => Promise<void>
}

const files = ['', 'index.html', 'configured.js', 'main.js', 'style.css']

/** Opens the page at a URL in a new browser context, and waits for its first answer. */
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

/** Returns the headline of the answer. */
export const titleOf = (page: Page): Promise<string> => page.locator('.verdict .title').innerText()

/** Finds the editor with a label. */
export const editor = (page: Page, label: string): Locator =>
  page.getByRole('textbox', { name: label, exact: true })

/** Replaces the text of an editor, as pasting does. */
export const paste = async (page: Page, label: string, text: string): Promise<void> => {
  await editor(page, label).click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`)
  await page.keyboard.press('ControlOrMeta+v')
}

/** Returns the code under a title. */
export const codeOf = async (page: Page, title: string): Promise<string> =>
  (await page.locator(`pre[aria-label="${title}"]`).textContent()) ?? ''

/** Extracts the AdmissionReview from the shell command. */
export const reviewIn = (command: string): string =>
  command.slice(command.indexOf('\n{'), command.lastIndexOf('END'))

/** Returns the violations that axe-core finds, each with its elements. */
export const accessibilityFaults = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe.source)
  return page.evaluate(
    'axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)))',
  )
}
