import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigError } from '../../infra/config/config-error.ts'
import { configOf, parseConfigFile } from '../../infra/config/config-file.ts'
import { buildPlayground, type PlaygroundFiles, writePlayground } from '../../infra/playground/build.ts'
import { writeFragment } from '../../infra/playground/page/fragment.ts'
import { emptyState, type State } from '../../infra/playground/page/state.ts'
import { type Playground, servePlayground } from '../../infra/playground/serve.ts'
import { parseConfig } from '../../lib/webhook-yaml.ts'
import { cases } from '../conformance/recorded-cases.ts'
import { folderWith, shelf, shelfConfig } from '../managers/outside-folder.ts'
import { annotationOf } from '../support/annotation.ts'
import { operationsOf } from '../support/patch.ts'
import { call, configFrom, podAsking, webhookIn } from '../support/webhook.ts'
import { chromiumPath } from './chromium.ts'
import {
  accessibilityFaults,
  codeOf,
  editor,
  launch,
  type OpenPage,
  openPage,
  paste,
  reviewIn,
  titleOf,
} from './open-page.ts'

const here = chromiumPath !== undefined
let files: PlaygroundFiles
let served: Playground
let browser: Browser

beforeAll(async () => {
  if (!here) return
  files = await buildPlayground()
  served = await servePlayground(files, { host: '127.0.0.1', port: 0 })
  browser = await launch()
}, 60_000)
afterAll(async () => {
  if (!here) return
  await browser.close()
  await served.close()
})

const pod = (...secrets: object[]): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'Pod', ...podAsking(...secrets) })

/** The page with a state that a link gives it. */
const openAt = async (state: Partial<State>, options = {}): Promise<OpenPage> =>
  openPage(browser, `${served.url}#${await writeFragment({ ...emptyState, ...state })}`, options)

/** Opens a page for a test, which must leave it without a fault. */
const visit = async (
  open: Promise<OpenPage>,
  act: (page: Page) => Promise<void>,
  expected: readonly string[] = [],
): Promise<void> => {
  const { page, faults, close } = await open
  try {
    await act(page)
    expect(faults).toEqual(expected)
  } finally {
    await close()
  }
}

const patience = { timeout: 5000 }

const expectTitle = async (page: Page, title: RegExp): Promise<void> => {
  await expect.poll(() => titleOf(page), patience).toMatch(title)
}

/** A text is looked for, a pattern is of all of it. */
const expectCode = async (page: Page, title: string, code: string | RegExp): Promise<void> => {
  await expect.poll(() => codeOf(page, title), patience).toMatch(code)
}

describe.skipIf(!here)('the playground in Chromium', { timeout: 30_000 }, () => {
  it('begins with a pod that gets a secret', () =>
    visit(openPage(browser, served.url), async (page) => {
      expect(await titleOf(page)).toBe('Allowed, with 1 change')
      expect(await codeOf(page, 'Annotations of the pod')).toBe(
        `flyte.secrets/s0: ${annotationOf({ group: 'db-creds', key: 'password', mount_requirement: 'ENV_VAR', env_var: 'DB_PASSWORD' })}`,
      )
    }))

  it('writes the chosen profile and managers into webhook.yaml, and asks them in the order of choice', () =>
    visit(openPage(browser, served.url), async (page) => {
      await page.getByRole('radio', { name: 'flyte2' }).check()
      await page.getByRole('checkbox', { name: /^Vault/ }).check()
      await page.getByRole('checkbox', { name: /^K8s/ }).uncheck()
      await page.getByRole('checkbox', { name: /^K8s/ }).check()
      await expect
        .poll(() => editor(page, 'webhook.yaml').innerText())
        .toMatch(/secretManagerTypes: \[Vault, K8s\]\nfunction:\n {2}profile: flyte2/)
      expect(await page.getByRole('term').allInnerTexts()).toEqual(['Global', 'Vault', 'K8s'])
      await expectCode(page, 'JSON Patch', '_UNION_DB-CREDS_PASSWORD')
    }))

  it('says the same of a wrong webhook.yaml as a build', async () => {
    const text =
      'webhook:\n  secretManagerType: K9s\n  awsSecretManager: {resources: {requests: {cpu: 5}}}\nwebhok: {}\n'
    const said: string[] = []
    try {
      configOf({ file: 'webhook.yaml', parsed: parseConfig(text) }, () => {})
    } catch (error) {
      if (error instanceof ConfigError) said.push(...error.message.split('\n'))
    }
    expect(said).toHaveLength(3)
    await visit(openPage(browser, served.url), async (page) => {
      await paste(page, 'webhook.yaml', text)
      await expectTitle(page, /^The configuration is wrong$/)
      const shown = await page.locator('.lines.error li').allInnerTexts()
      expect(shown.map((line) => line.replace(/^(webhook\.yaml:\d+) /, '$1: '))).toEqual(said)
      expect(await page.getByRole('radio', { name: 'flyte1' }).isDisabled()).toBe(true)
    })
  })

  it('says what a right webhook.yaml does not do', () =>
    visit(openPage(browser, served.url), async (page) => {
      await paste(page, 'webhook.yaml', 'webhook: {certDir: /etc, secretManagerType: Vault}')
      await page.getByText(/webhook\.yaml:1 webhook\.certDir has no effect here/).waitFor()
      await expectTitle(page, /Denied/)
    }))

  it('asks for the secrets that are added, and no more for those that are removed', () =>
    visit(openPage(browser, served.url), async (page) => {
      await page.getByRole('button', { name: 'Add a secret' }).click()
      const row = page.getByRole('group', { name: 'Secret 2' })
      await row.getByRole('textbox', { name: 'group' }).fill('gcp-secret')
      await row.getByRole('textbox', { name: 'key' }).fill('k"')
      await row.getByRole('textbox', { name: 'version' }).fill('3')
      await row.getByRole('combobox', { name: 'mount' }).selectOption('FILE')
      await row.getByRole('textbox', { name: 'env_var' }).fill('PATH_OF_IT')
      const second = annotationOf({
        group: 'gcp-secret',
        group_version: '3',
        key: 'k"',
        mount_requirement: 'FILE',
        env_var: 'PATH_OF_IT',
      })
      await expectCode(page, 'Annotations of the pod', `\nflyte.secrets/s1: ${second}`)
      expect(await codeOf(page, 'flytekit')).toContain(
        'Secret(group="gcp-secret", key="k\\"", group_version="3", mount_requirement=Secret.MountType.FILE, env_var="PATH_OF_IT")',
      )
      await page.getByRole('button', { name: 'Remove secret 1' }).click()
      await expectCode(page, 'Annotations of the pod', new RegExp(`^flyte.secrets/s0: ${second}$`))
    }))

  it('asks by pasted annotations, and says where one cannot be read', () =>
    visit(openPage(browser, served.url), async (page) => {
      await page.getByText('Paste annotations').click()
      const field = page.getByLabel(/Lines of annotations/)
      await field.fill('flyte.secrets/s7: nnsxsoraejwxsx2lmv3secq\nnnsxsoraejwxsx2lmv3secq')
      await page.getByRole('button', { name: 'Add these' }).click()
      expect(await page.getByRole('textbox', { name: 'key' }).nth(2).inputValue()).toBe('my_key')
      await field.fill('nnsxsoraejwxsx2lmv3sec')
      await page.getByRole('button', { name: 'Add these' }).click()
      await page.getByText(/^value 1: the string has no closing quote \(at offset \d+\)$/).waitFor()
    }))

  it.each([
    'a plain task',
    'a rich task: init containers, sidecars, volumes',
    'a Spark driver',
    'a Ray head',
  ])('has a pod to begin with: %s', (name) =>
    visit(openPage(browser, served.url), async (page) => {
      await page.getByLabel('Example of a pod').selectOption(name)
      await expectTitle(page, /^Allowed, with/)
    }),
  )

  it('has configurations to begin with, each of them right', () =>
    visit(openPage(browser, served.url), async (page) => {
      const choice = page.getByLabel('Example of webhook.yaml')
      const names = (await choice.getByRole('option').allInnerTexts()).slice(1)
      expect(names).toHaveLength(6)
      for (const name of names) {
        const before = await editor(page, 'webhook.yaml').innerText()
        await choice.selectOption(name)
        await expect.poll(() => editor(page, 'webhook.yaml').innerText()).not.toBe(before)
        expect(await page.locator('.lines.error').count()).toBe(0)
      }
      await expectTitle(page, /^(Allowed|Denied)/)
    }))

  it.each([
    {
      what: 'YAML',
      text: 'kind: Pod\nmetadata: {name: mine}\nspec:\n  containers: [{name: main, image: i}]\n',
    },
    {
      what: 'JSON',
      text: '{"kind": "Pod", "metadata": {"name": "mine"}, "spec": {"containers": [{"name": "main"}]}}',
    },
  ])('takes a pasted pod: $what', ({ text }) =>
    visit(openPage(browser, served.url), async (page) => {
      await paste(page, 'Pod', text)
      await expectCode(page, 'For a shell', '"name": "mine"')
      expect(await titleOf(page)).toBe('Allowed, with 1 change')
    }),
  )

  it('says why a pasted pod cannot be read', () =>
    visit(openPage(browser, served.url), async (page) => {
      await paste(page, 'Pod', 'kind: Deployment')
      await expectTitle(page, /^The pod cannot be read$/)
      await page.locator('.problem', { hasText: 'a Deployment is not sent to the webhook' }).waitFor()
    }))

  it('marks what came into the pod and what went, by sign as well as by colour', () =>
    visit(
      openAt({
        config: 'function: {profile: flyte2}\nwebhook: {secretManagerTypes: [K8s]}',
        pod: JSON.stringify({
          kind: 'Pod',
          ...podAsking({ group: 'g', key: 'k', mount_requirement: 'ENV_VAR', env_var: 'MINE' }),
          spec: { containers: [{ name: 'main', env: [{ name: 'MINE', value: 'x' }] }] },
        }),
      }),
      async (page) => {
        const diff = page.getByRole('textbox', { name: /^Pod before and after: \d+ lines added, 1 removed$/ })
        await diff.waitFor()
        const signs: string[] = await page.evaluate(
          `[...document.querySelector('.diff').shadowRoot.querySelectorAll('.cm-changedLine, .cm-deletedLine')]
            .map((line) => getComputedStyle(line, '::before').content + line.innerText.trim())`,
        )
        expect(signs).toContain('"−"value: "[redacted]"')
        expect(signs).toContain('"+"- name: _UNION_G_K')
      },
    ))

  it('shows what every manager said', () =>
    visit(
      openAt({
        config: 'webhook: {secretManagerTypes: [AWS, K8s]}\nfunction: {profile: flyte1}',
        pod: pod({ group: 'g', key: 'k', mount_requirement: 'ENV_VAR' }),
      }),
      async (page) => {
        expect(await page.locator('.said').allInnerTexts()).toEqual([
          expect.stringMatching(/^Global\s+skipped\s+it holds no secret of this group and key$/),
          expect.stringMatching(
            /^AWS\s+skipped\s+it can make files only, and the request wants a variable; it makes variables with function\.envFiles \(Kubernetes 1\.35 or later\) and function\.aws\.fetcher: cli$/,
          ),
          expect.stringMatching(
            /^K8s\s+will inject\s+variable FLYTE_SECRETS_ENV_PREFIX\s+variable _FSEC_G_K$/,
          ),
        ])
        expect(await page.locator('#why + .hint').innerText()).toBe(
          'The page asks no store: whether a secret exists is not checked.',
        )
      },
    ))

  it('shows that a variable is read from a file, in the cluster that is named', () =>
    visit(
      openAt({
        config: 'webhook: {secretManagerTypes: [GCP]}\nfunction: {profile: flyte1, envFiles: [new]}',
        pod: pod({ group: 'g', group_version: '1', key: 'k', mount_requirement: 'ENV_VAR' }),
      }),
      async (page) => {
        await expectTitle(page, /^Denied/)
        const said = page.locator('.said').nth(1)
        expect(await said.innerText()).toMatch(/with the cluster local in function\.envFiles/)
        await page.getByLabel('Cluster that asks').fill('new')
        await expectTitle(page, /^Allowed, with/)
        expect(await said.innerText()).toMatch(
          /variable _FSEC_G_K, read by the kubelet from a file that an init container writes$/,
        )
        await expectCode(page, 'JSON Patch', '"volumeName": "flyte-secret-env"')
      },
    ))

  it('finds the secrets that are to exist, and shows no value', () =>
    visit(openPage(browser, served.url), async (page) => {
      await page.getByLabel(/^Global secrets/).fill('db-creds/password')
      await expectCode(page, 'JSON Patch', '[redacted]')
      expect(await page.content()).not.toContain('invented"')
    }))

  it('gives the link of what it shows, and the link gives it back', () =>
    visit(openPage(browser, served.url), async (page) => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
      await page.getByRole('checkbox', { name: /^AWS/ }).check()
      await page.getByLabel('Namespace').fill('their-own')
      await page
        .getByRole('group', { name: 'Secret 1' })
        .getByRole('combobox', { name: 'mount' })
        .selectOption('FILE')
      await expectCode(page, 'For a shell', 'their-own')
      const before = page.url()
      await expect.poll(() => page.url()).not.toBe(before)
      await page.waitForTimeout(500)
      await page.getByRole('button', { name: 'Copy link' }).click()
      await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor()
      const link: string = await page.evaluate('navigator.clipboard.readText()')
      const shown = await page.locator('main').innerText()
      await visit(openPage(browser, link), async (other) => {
        expect(await other.locator('main').innerText()).toBe(shown)
        expect(await other.getByLabel('Namespace').inputValue()).toBe('their-own')
      })
    }))

  it('goes on working after a link that cannot be read, and after another link', () =>
    visit(openPage(browser, `${served.url}#1.!!!`), async (page) => {
      await page
        .getByRole('alert')
        .filter({ hasText: 'The link cannot be read: it is cut off, or was changed' })
        .waitFor()
      expect(await titleOf(page)).toBe('Allowed, with 1 change')
      const fragment = await writeFragment({ ...emptyState, pod: pod({ group: 'g' }) })
      await page.evaluate(`location.hash = ${JSON.stringify(fragment)}`)
      await expectTitle(page, /Denied \(400 BadRequest\)/)
    }))

  it('shows what a hostile pod and link hold as text', () =>
    visit(
      openAt({
        pod: pod({ group: '<img src=x onerror=alert(1)>', key: '</script><b id=planted>' }),
        cluster: '"><b id=planted>',
      }),
      async (page) => {
        await expectTitle(page, /Denied/)
        expect(await page.locator('#planted').count()).toBe(0)
      },
    ))
})

describe.skipIf(!here)('the playground answers as the Lambda does', { timeout: 60_000 }, () => {
  const chosen = cases
    .filter(({ environment, files: inFiles, store }) => !environment && !inFiles && !store)
    .filter((_, index) => index % 4 === 0)

  let opened: OpenPage
  beforeAll(async () => {
    opened = await openPage(browser, served.url)
  })
  afterAll(() => opened.close())

  it('in many recorded cases', () => expect(chosen.length).toBeGreaterThan(50))

  it.each(chosen.map((one) => [one.id, one]))('%s', async (id, { profile, config, pod: asking }) => {
    const { page, faults } = opened
    const sections = { ...config, function: { ...config?.function, profile } }
    const state = { ...emptyState, config: JSON.stringify(sections), pod: JSON.stringify(asking), user: id }
    await page.evaluate(`location.hash = ${JSON.stringify(await writeFragment(state))}`)
    await expectCode(page, 'For a shell', JSON.stringify(id))
    const { request } = JSON.parse(reviewIn(await codeOf(page, 'For a shell')))
    expect(request.object.metadata).toEqual(asking.metadata)

    const { webhook } = webhookIn({ config: configFrom(sections) })
    const { json } = await call(webhook, JSON.stringify(reviewAbout(request, asking)))
    const { allowed, status, warnings = [] } = json.response
    const title = await titleOf(page)
    expect(title.startsWith('Allowed')).toBe(allowed)
    expect(await page.locator('.verdict .lines li').count()).toBe(warnings.length)
    if (!allowed) {
      expect(title).toBe(`Denied (${status.code} ${status.reason})`)
      expect(await page.locator('.verdict .title + p').textContent()).toBe(status.message)
    }
    const operations = operationsOf(json)
    const patch = page.locator('pre[aria-label="JSON Patch"]')
    expect(await patch.count()).toBe(operations.length === 0 ? 0 : 1)
    if (operations.length > 0) expect(JSON.parse((await patch.textContent()) ?? '')).toEqual(operations)
    expect(faults).toEqual([])
  })
})

/** The page's own review, with the pod as it was before its values were hidden. */
const reviewAbout = (request: object, object: object) => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: { ...request, object },
})

describe.skipIf(!here)('the playground for everybody', { timeout: 60_000 }, () => {
  const states = [
    { what: 'as it begins', state: {} },
    { what: 'with a wrong configuration', state: { config: 'webhok: {}' } },
    { what: 'with a notice', state: { config: 'webhook: {certDir: /x}' } },
    { what: 'with a pod that cannot be read', state: { pod: '[' } },
    { what: 'when a pod is denied', state: { pod: pod({ group: 'g' }) } },
    {
      what: 'with values of AWS Secrets Manager',
      state: {
        config: 'webhook: {embeddedSecretManagerConfig: {type: AWS}}\nfunction: {profile: flyte2}',
        pod: pod({ key: 'k' }),
      },
    },
  ]
  const rows = [
    ...states.map((row) => ({ ...row, scheme: 'light', width: 1400 }) as const),
    ...states.slice(0, 5).map((row) => ({ ...row, scheme: 'dark', width: 1400 }) as const),
    ...states.slice(0, 2).map((row) => ({ ...row, scheme: 'light', width: 390 }) as const),
  ]

  it.each(rows)(
    'has no fault that axe-core finds: $what, $scheme, $width',
    ({ state, scheme, width, what }) => {
      const options = { colorScheme: scheme, viewport: { width, height: 900 } }
      const open =
        what === 'as it begins'
          ? openPage(browser, served.url, options)
          : openAt({ pod: pod({ group: 'g', key: 'k' }), ...state }, options)
      return visit(open, async (page) => {
        for (const summary of await page.locator('summary').all()) await summary.click()
        expect(await accessibilityFaults(page)).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      })
    },
  )

  it('is used by keyboard alone', () =>
    visit(openPage(browser, served.url), async (page) => {
      const tabTo = async (name: string): Promise<void> => {
        for (let presses = 0; presses < 60; presses++) {
          await page.keyboard.press('Tab')
          if ((await focused(page)).includes(name)) return
        }
        throw new Error(`Tab does not lead to ${name}`)
      }
      await tabTo('Auto')
      await page.keyboard.press('ArrowRight')
      await tabTo('flyte1')
      await page.keyboard.press('ArrowRight')
      await tabTo('Vault')
      await page.keyboard.press('Space')
      await tabTo('webhook.yaml')
      await page.keyboard.press('ControlOrMeta+End')
      await page.keyboard.type('  onFailure: admit')
      await tabTo('Add a secret')
      await page.keyboard.press('Enter')
      await expect.poll(() => focused(page)).toContain('group')
      await page.keyboard.type('api')
      await page.keyboard.press('Tab')
      await page.keyboard.type('token')
      await expectCode(page, 'Annotations of the pod', annotationOf({ group: 'api', key: 'token' }))
      await tabTo('Remove secret 2')
      await page.keyboard.press('Enter')
      expect(await focused(page)).toContain('Add a secret')
      await expect
        .poll(() => editor(page, 'webhook.yaml').innerText())
        .toMatch(/\[K8s, Vault\][^]*profile: flyte2\n {2}onFailure: admit/)
      await tabTo('Whole pod')
      await page.keyboard.press('Space')
      await tabTo('Pod before and after')
      await tabTo('For a shell')
    }))

  it('says the answer to who cannot see it', () =>
    visit(openAt({ pod: pod({ group: 'g' }) }), async (page) => {
      const told = page.locator('.verdict').getByRole('status')
      expect(await told.innerText()).toMatch(/^Denied \(400 BadRequest\)/)
    }))

  it('is light or dark as the system is, or as was chosen, which it remembers', async () => {
    const { page, close, faults } = await openPage(browser, served.url, { colorScheme: 'dark' })
    const lightness = async (): Promise<number> =>
      Number(await page.evaluate('getComputedStyle(document.body).backgroundColor.match(/[0-9]+/)[0]'))
    expect(await lightness()).toBeLessThan(50)
    await page.getByRole('radio', { name: 'light' }).check()
    await expect.poll(lightness).toBeGreaterThan(200)
    await page.reload()
    await expect.poll(lightness).toBeGreaterThan(200)
    await page.getByRole('radio', { name: 'auto' }).check()
    await expect.poll(lightness).toBeLessThan(50)
    expect(faults).toEqual([])
    await close()
  })

  it('works where the browser keeps no data for pages', async () => {
    const context = await browser.newContext()
    await context.addInitScript(
      "Object.defineProperty(window, 'localStorage', { get() { throw new Error('kept from you') } })",
    )
    const page = await context.newPage()
    await page.goto(served.url)
    await page.getByRole('radio', { name: 'dark' }).check()
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark')
    await expectTitle(page, /^Allowed/)
    await context.close()
  })
})

/** The name of what has the focus, in a shadow tree too. */
const focused = async (page: Page): Promise<string> =>
  page.evaluate(`(() => {
    const outer = document.activeElement
    const inner = outer?.shadowRoot?.activeElement ?? outer
    return inner?.getAttribute('aria-label') ?? inner?.closest('label')?.innerText ?? inner?.innerText ?? ''
  })()`)

describe.skipIf(!here)('the files of the playground', { timeout: 30_000 }, () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'playground-'))
    await writePlayground(folder)
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('need no server', () =>
    visit(openPage(browser, pathToFileURL(join(folder, 'index.html')).href), async (page) => {
      expect(await titleOf(page)).toBe('Allowed, with 1 change')
    }))

  it('work below a path of another site', async () => {
    const below = new Map([...files].map(([name, contents]) => [`some/site/${name}`, contents]))
    const site = await servePlayground(below, { host: '127.0.0.1', port: 0 })
    await visit(openPage(browser, `${site.url}some/site/index.html`), async (page) => {
      expect(await titleOf(page)).toBe('Allowed, with 1 change')
    })
    await site.close()
  })

  it('are the same bytes each time', async () => {
    expect(await buildPlayground()).toEqual(files)
  })

  it('come with the licences of what is in them', () => {
    const licences = new TextDecoder().decode(files.get('LICENCES.txt'))
    for (const name of [
      'preact',
      '@codemirror/view',
      '@codemirror/merge',
      'zod',
      'yaml',
      '@noble/hashes',
      'buffer',
    ])
      expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'))
    expect(licences).not.toMatch(/^(@aws-sdk|axe-core)/m)
  })

  it('refuse everything that is not theirs', () => {
    const html = new TextDecoder().decode(files.get('index.html'))
    expect(html).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(html).not.toMatch(/unsafe|nonce|https?:/)
  })
})

describe.skipIf(!here)('the playground that was built for a configuration', { timeout: 60_000 }, () => {
  it('begins with it, and runs its manager', async () => {
    const outside = await folderWith({
      'webhook.yaml': shelfConfig('./managers/shelf.ts', '      shelf: top\n'),
      'managers/shelf.ts': shelf,
    })
    const { definitions, text } = await parseConfigFile(outside.config)
    await outside.remove()
    const own = await servePlayground(await buildPlayground({ definitions, config: text }), {
      host: '127.0.0.1',
      port: 0,
    })
    try {
      await visit(openPage(browser, own.url), async (page) => {
        expect(await editor(page, 'webhook.yaml').innerText()).toContain('from: ./managers/shelf.ts')
        expect(await page.getByRole('checkbox', { name: /^Shelf/ }).isChecked()).toBe(true)
        await expectTitle(page, /Denied/)
        await page.getByRole('combobox', { name: 'mount' }).selectOption('FILE')
        await expectTitle(page, /^Allowed, with \d changes$/)
        await expectCode(page, 'JSON Patch', 'top/db-creds/password')
        expect(await page.getByRole('term').allInnerTexts()).toEqual(['Global', 'Shelf'])
      })
    } finally {
      await own.close()
    }
  })

  it('says of another page that the manager is not built in', () =>
    visit(openPage(browser, served.url), async (page) => {
      await paste(page, 'webhook.yaml', shelfConfig('./managers/shelf.ts'))
      await expectTitle(page, /^The configuration is wrong$/)
      expect(await page.locator('.lines.error li').allInnerTexts()).toEqual([
        expect.stringMatching(/^webhook\.yaml:7 function\.managers\.Shelf\.from: .*it is not built in here/),
      ])
    }))
})
