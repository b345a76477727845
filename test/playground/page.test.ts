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
import { projectRoot } from '../../infra/project-root.ts'
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

/** Opens the page with the state of a link. */
const openAt = async (state: Partial<State>, options = {}): Promise<OpenPage> =>
  openPage(browser, `${served.url}#${await writeFragment({ ...emptyState, ...state })}`, options)

/** Runs a test on a page, and checks that the page ends with exactly the expected faults. */
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

/** Expects the code to contain a text or to match a pattern. */
const expectCode = async (page: Page, title: string, code: string | RegExp): Promise<void> => {
  await expect.poll(() => codeOf(page, title), patience).toMatch(code)
}

describe.skipIf(!here)('the playground in Chromium', { timeout: 30_000 }, () => {
  it('begins with a pod that gets a secret', () =>
    visit(openPage(browser, served.url), async (page) => {
      expect(await titleOf(page)).toBe('Allowed, 15 lines added')
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
      expect(await page.getByRole('term').allInnerTexts()).toEqual(['Global', 'Vault'])
      const row = page.getByRole('group', { name: 'Secret 1' })
      await row.getByRole('combobox', { name: 'Deliver as' }).selectOption('ENV_VAR')
      await row.getByRole('textbox', { name: 'Group' }).fill('db-creds')
      await expect
        .poll(() => page.getByRole('term').allInnerTexts(), patience)
        .toEqual(['Global', 'Vault', 'K8s'])
      await expectCode(page, 'JSON Patch', '_UNION_DB-CREDS_PASSWORD')
    }))

  it('reports the problems of a webhook.yaml like a build', async () => {
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
      await expectTitle(page, /^The configuration is invalid$/)
      const shown = await page.locator('.lines.error li').allInnerTexts()
      expect(shown.map((line) => line.replace(/^(webhook\.yaml:\d+) /, '$1: '))).toEqual(said)
      expect(await page.getByRole('radio', { name: 'flyte1' }).isDisabled()).toBe(true)
    })
  })

  it('shows the notices of a valid webhook.yaml', () =>
    visit(openPage(browser, served.url), async (page) => {
      await paste(page, 'webhook.yaml', 'webhook: {certDir: /etc, secretManagerType: Vault}')
      await page
        .getByText(/webhook\.yaml:1 webhook\.certDir has no effect here/)
        .waitFor({ state: 'attached' })
      await expectTitle(page, /Denied/)
    }))

  it('requests secrets that are added, and no longer those that are removed', () =>
    visit(openPage(browser, served.url), async (page) => {
      await page.getByRole('button', { name: 'Add a secret' }).click()
      const row = page.getByRole('group', { name: 'Secret 2' })
      await row.getByRole('textbox', { name: 'Group' }).fill('gcp-secret')
      await row.getByRole('textbox', { name: 'Key' }).fill('k"')
      await row.getByRole('textbox', { name: 'Version' }).fill('3')
      await row.getByRole('combobox', { name: 'Deliver as' }).selectOption('FILE')
      await row.getByRole('textbox', { name: 'Variable name' }).fill('PATH_OF_IT')
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

  it('requests by pasted annotations, and says where one cannot be read', () =>
    visit(openPage(browser, served.url), async (page) => {
      await page.getByText('Paste annotations').click()
      const field = page.getByLabel(/Annotations or their values/)
      await field.fill('flyte.secrets/s7: nnsxsoraejwxsx2lmv3secq\nnnsxsoraejwxsx2lmv3secq')
      await page.getByRole('button', { name: 'Add these' }).click()
      expect(await page.getByRole('textbox', { name: 'Key' }).nth(2).inputValue()).toBe('my_key')
      await field.fill('nnsxsoraejwxsx2lmv3sec')
      await page.getByRole('button', { name: 'Add these' }).click()
      await page.getByText(/^value 1: the string has no closing quote \(at offset \d+\)$/).waitFor()
    }))

  it.each([
    'a plain task',
    'a rich task: init containers, sidecars, volumes',
    'a Spark driver',
    'a Ray head',
  ])('offers a pod to start with: %s', (name) =>
    visit(openPage(browser, served.url), async (page) => {
      await page.getByLabel('Choose an example pod').selectOption(name)
      await expectTitle(page, /^Allowed, \d+ lines added/)
    }),
  )

  it('offers a case for each manager and profile, none of which is denied', () =>
    visit(openPage(browser, served.url), async (page) => {
      const choice = page.getByLabel('Start from an example')
      const names: readonly string[] = await page.evaluate(
        `[...document.querySelectorAll('select[aria-label="Start from an example"] option')].map(({ value }) => value)`,
      )
      expect(names.slice(1)).toHaveLength(18)
      for (const name of names.slice(1)) {
        await paste(page, 'Pod', 'kind: Nothing')
        await expectTitle(page, /^The pod cannot be read$/)
        await choice.selectOption(name)
        await expectTitle(page, /^Allowed, \d+ lines added$/)
      }
    }))

  it.each(['AWS', 'GCP', 'Azure', 'Vault', 'CSI', 'Embedded'])(
    'still serves the example if the managers change to %s',
    (name) =>
      visit(openPage(browser, served.url), async (page) => {
        await page.getByRole('checkbox', { name: new RegExp(`^${name}`) }).check()
        await expect.poll(() => page.getByRole('term').allInnerTexts(), patience).toEqual(['Global', 'K8s'])
        await expectTitle(page, /^Allowed/)
        await page.getByRole('checkbox', { name: /^K8s/ }).uncheck()
        await expect.poll(() => page.getByRole('term').allInnerTexts(), patience).toEqual(['Global', name])
        await expectTitle(page, /^Allowed/)
      }),
  )

  const ofAws = {
    group: 'arn:aws:secretsmanager:us-east-1:111122223333:secret',
    groupVersion: '',
    key: 'db-password',
    mountRequirement: 'ENV_VAR',
    envVar: '',
  } as const
  const awsVariable: Partial<State> = {
    config: 'webhook: {secretManagerTypes: [AWS]}\nfunction: {profile: flyte1}\n',
    pod: pod(),
    requests: [ofAws],
  }

  it.each(['Ask for FILE', 'Turn on env files'])('suggests a fix for a denial, and applies it: %s', (label) =>
    visit(openAt(awsVariable), async (page) => {
      await expectTitle(page, /^Denied/)
      const bar = page.locator('.verdict')
      expect(await bar.locator('.title + p').innerText()).toBe(
        'AWS makes only files here: ask for FILE, or turn on env files.',
      )
      await bar.getByRole('button', { name: label }).click()
      await expectTitle(page, /^Allowed/)
      expect(await bar.getByRole('button').count()).toBe(0)
    }),
  )

  it('shows the text of a denial once', () =>
    visit(openAt(awsVariable), async (page) => {
      await expectTitle(page, /^Denied/)
      const status = JSON.parse(await codeOf(page, 'Status'))
      expect(status.message).toContain('db-password')
      expect(await page.locator('main').innerText()).not.toContain(status.message)
    }))

  it('offers an example if nothing else helps', () =>
    visit(
      openAt({ ...awsVariable, requests: [{ ...ofAws, group: 'no-arn', mountRequirement: 'FILE' }] }),
      async (page) => {
        await expectTitle(page, /^Denied/)
        await page.getByRole('button', { name: 'Ask for an example of AWS' }).click()
        await expectTitle(page, /^Allowed/)
      },
    ))

  it.each([390, 820, 1440])('keeps the verdict in sight at the end of the page, %s pixels wide', (width) =>
    visit(openPage(browser, served.url, { viewport: { width, height: 900 } }), async (page) => {
      await page.getByText('The answer to the API server').scrollIntoViewIfNeeded()
      await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
      await expect
        .poll(async () => (await page.locator('.verdict').boundingBox())?.y, patience)
        .toBeGreaterThanOrEqual(0)
      const asked = await page.getByRole('region', { name: 'Input' }).boundingBox()
      const answered = await page.getByRole('region', { name: 'Result' }).boundingBox()
      expect(asked?.x === answered?.x).toBe(width < 860)
    }),
  )

  it('keeps a typed request, and says beside it why a manager does not serve it', () =>
    visit(openPage(browser, served.url), async (page) => {
      const row = page.getByRole('group', { name: 'Secret 1' })
      await row.getByRole('textbox', { name: 'Key' }).fill('mine')
      await page.getByRole('checkbox', { name: /^CSI/ }).check()
      await page.getByRole('checkbox', { name: /^K8s/ }).uncheck()
      await expectTitle(page, /^Denied/)
      await row.getByText(/^No manager serves it\. CSI: /).waitFor()
      expect(await row.getByRole('textbox', { name: 'Key' }).inputValue()).toBe('mine')
    }))

  it('requests a new secret once its fields are filled in', () =>
    visit(openPage(browser, served.url), async (page) => {
      await page.getByRole('button', { name: 'Add a secret' }).click()
      const row = page.getByRole('group', { name: 'Secret 2' })
      await row.getByText('To ask for it, fill in: Key.').waitFor()
      await row.getByRole('textbox', { name: 'Group' }).fill('api')
      await page.getByLabel('Namespace').fill('later')
      await expectCode(page, 'For a shell', 'later')
      await expectTitle(page, /^Allowed/)
      expect(await codeOf(page, 'Annotations of the pod')).not.toContain('s1')
      await row.getByRole('textbox', { name: 'Key' }).fill('token')
      await expectCode(page, 'Annotations of the pod', annotationOf({ group: 'api', key: 'token' }))
      await row.getByText('To ask for it').waitFor({ state: 'detached' })
    }))

  it('explains a field by the chosen managers', () =>
    visit(openPage(browser, served.url), async (page) => {
      const label = page.locator('.requests label').first()
      expect(await label.innerText()).toBe('Group name of the Secret')
      await page.getByRole('checkbox', { name: /^AWS/ }).check()
      await expect.poll(() => label.innerText()).toBe('Group K8s: name of the Secret, AWS: ARN prefix')
      await page.getByRole('checkbox', { name: /^K8s/ }).uncheck()
      await expect.poll(() => label.innerText()).toBe('Group ARN prefix')
    }))

  it.each([
    { label: 'webhook.yaml', text: 'function: {}\nwebhok: {}\n', todo: 'Fix 1 problem in webhook.yaml' },
    { label: 'Pod', text: 'kind: Pod\nmetadata: [}\n', todo: 'Fix line 2 of the pod' },
  ])(
    'keeps the last good result, dimmed, beside an error in $label, and marks its line',
    ({ label, text, todo }) =>
      visit(openPage(browser, served.url), async (page) => {
        const answered = page.getByRole('region', { name: 'Result' })
        const colour = (): Promise<string> =>
          page.evaluate(`getComputedStyle(document.querySelector('[aria-label="Result"] h2')).color`)
        const bright = await colour()
        const before = await codeOf(page, 'JSON Patch')
        await paste(page, label, text)
        await expectTitle(page, /^The /)
        expect(await page.locator('.verdict .title + p').innerText()).toContain(todo)
        await answered.getByText('This is the last good result, from before the error.').waitFor()
        expect(await codeOf(page, 'JSON Patch')).toBe(before)
        expect(await colour()).not.toBe(bright)
        await editor(page, label).locator('.cm-lintRange-error').first().waitFor()
        expect(await page.locator('.cm-lint-marker-error').count()).toBe(1)
      }),
  )

  it("says in one line that the keys of Flyte's own server have no effect", () =>
    visit(openPage(browser, served.url), async (page) => {
      await paste(
        page,
        'webhook.yaml',
        'webhook: {certDir: /etc, listenPort: 9443, serviceName: s, secretManagerType: K8s}\n',
      )
      const folded = page.getByText("3 keys of Flyte's own server without effect here")
      await folded.waitFor()
      expect(await page.getByText(/webhook\.certDir/).isVisible()).toBe(false)
      await folded.click()
      expect(await page.getByText(/webhook\.certDir/).isVisible()).toBe(true)
    }))

  it('shows the same number of changes everywhere', () =>
    visit(openPage(browser, served.url), async (page) => {
      const [, count] = /^Allowed, (.*)$/.exec(await titleOf(page)) ?? []
      expect(count).toBe('15 lines added')
      expect(await page.locator('#diff').locator('..').locator('+ .hint').innerText()).toContain(count)
      expect(await page.getByRole('textbox', { name: `Pod before and after: ${count}` }).count()).toBe(1)
    }))

  it('shows the pod before and after as the largest thing on the screen', () =>
    visit(openPage(browser, served.url, { viewport: { width: 1440, height: 1000 } }), async (page) => {
      const areas: readonly { readonly name: string; readonly area: number }[] = await page.evaluate(
        `[...document.querySelectorAll('.card')].map((card) => ({
          name: card.getAttribute('aria-labelledby'),
          area: card.offsetWidth * (Math.min(card.getBoundingClientRect().bottom, innerHeight) - card.getBoundingClientRect().top),
        })).toSorted((a, b) => b.area - a.area)`,
      )
      expect(areas[0]?.name).toBe('diff')
    }))

  it('leaves room between the field for annotations and its button', () =>
    visit(openPage(browser, served.url), async (page) => {
      await page.getByText('Paste annotations').click()
      const field = await page.getByLabel(/Annotations or their values/).boundingBox()
      const button = await page.getByRole('button', { name: 'Add these' }).boundingBox()
      expect((button?.y ?? 0) - (field?.y ?? 0) - (field?.height ?? 0)).toBeGreaterThanOrEqual(8)
    }))

  it('copies a link to what is on the screen when the button is pressed', () =>
    visit(openPage(browser, served.url), async (page) => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
      await page.getByLabel('Namespace').fill('at-once')
      await page.getByRole('button', { name: 'Copy link' }).click()
      await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor()
      const link: string = await page.evaluate('navigator.clipboard.readText()')
      await visit(openPage(browser, link), async (other) => {
        expect(await other.getByLabel('Namespace').inputValue()).toBe('at-once')
      })
    }))

  const configMap = `apiVersion: v1
kind: ConfigMap
metadata: {name: flyte-propeller-config, namespace: flyte}
data:
  core.yaml: |
    webhook:
      certDir: /etc/webhook/certs
      secretManagerType: Vault
`
  it.each([
    { what: 'a ConfigMap', text: configMap, manager: 'Vault' },
    {
      what: 'Helm values',
      text: 'configmap:\n  core:\n    webhook:\n      secretManagerType: GCP\n',
      manager: 'GCP',
    },
  ])('imports $what if pasted, serves the example with it, and undoes it', ({ text, manager }) =>
    visit(openPage(browser, served.url), async (page) => {
      await paste(page, 'webhook.yaml', text)
      const alert = page.getByRole('alert').filter({ hasText: 'flyte-webhook config import' })
      await alert.waitFor()
      const shown = editor(page, 'webhook.yaml')
      expect(await shown.innerText()).toMatch(new RegExp(`secretManagerType: ${manager}[^]*profile: flyte1`))
      await expectTitle(page, /^Allowed/)
      expect(await page.getByRole('checkbox', { name: new RegExp(`^${manager}`) }).isChecked()).toBe(true)
      await alert.getByRole('button', { name: 'Undo' }).click()
      await expect.poll(() => shown.innerText()).toContain(text.split('\n')[0])
      expect(await alert.count()).toBe(0)
      const row = page.getByRole('group', { name: 'Secret 1' })
      expect(await row.getByRole('textbox', { name: 'Group' }).inputValue()).toBe('db-creds')
    }),
  )

  it.each([
    {
      what: 'no section of the webhook',
      text: 'kind: ConfigMap\napiVersion: v1\ndata: {core.yaml: "admin: {}"}\n',
      said: /^This is a ConfigMap\. The pasted text: found no section webhook: or secrets:/,
    },
    {
      what: 'a file that is not YAML',
      text: 'kind: ConfigMap\napiVersion: v1\ndata: {core.yaml: "webhook: ["}\n',
      said: /^This is a ConfigMap\. ConfigMap , core\.yaml:1: /,
    },
  ])('says why it imports nothing from a ConfigMap: $what', ({ text, said }) =>
    visit(openPage(browser, served.url), async (page) => {
      await paste(page, 'webhook.yaml', text)
      await page.getByRole('alert').filter({ hasText: said }).waitFor()
      expect(await editor(page, 'webhook.yaml').innerText()).toContain('kind: ConfigMap')
    }),
  )

  it.each([
    {
      what: 'YAML',
      text: 'kind: Pod\nmetadata: {name: mine}\nspec:\n  containers: [{name: main, image: i}]\n',
    },
    {
      what: 'JSON',
      text: '{"kind": "Pod", "metadata": {"name": "mine"}, "spec": {"containers": [{"name": "main"}]}}',
    },
  ])('accepts a pasted pod: $what', ({ text }) =>
    visit(openPage(browser, served.url), async (page) => {
      await paste(page, 'Pod', text)
      await expectCode(page, 'For a shell', '"name": "mine"')
      expect(await titleOf(page)).toMatch(/^Allowed, \d+ lines added$/)
    }),
  )

  it('says why a pasted pod cannot be read', () =>
    visit(openPage(browser, served.url), async (page) => {
      await paste(page, 'Pod', 'kind: Deployment')
      await expectTitle(page, /^The pod cannot be read$/)
      await page.locator('.problem', { hasText: 'a Deployment never reaches the webhook' }).waitFor()
    }))

  it('marks additions and removals by sign as well as by colour', () =>
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

  it('shows the answer of every manager', () =>
    visit(
      openAt({
        config: 'webhook: {secretManagerTypes: [AWS, K8s]}\nfunction: {profile: flyte1}',
        pod: pod({ group: 'g', key: 'k', mount_requirement: 'ENV_VAR' }),
      }),
      async (page) => {
        expect(await page.locator('.said').allInnerTexts()).toEqual([
          expect.stringMatching(/^Global\s+skipped\s+it has no secret with this group and key$/),
          expect.stringMatching(
            /^AWS\s+skipped\s+it makes only files, but the request wants a variable; it makes variables with function\.envFiles \(Kubernetes 1\.35 or later\) and function\.aws\.fetcher: cli$/,
          ),
          expect.stringMatching(
            /^K8s\s+will inject\s+variable FLYTE_SECRETS_ENV_PREFIX\s+variable _FSEC_G_K$/,
          ),
        ])
        expect(await page.locator('#why + .hint').innerText()).toBe(
          'The page cannot reach a store, so it does not check that a secret exists.',
        )
      },
    ))

  it('shows that a variable is read from a file, in the named cluster', () =>
    visit(
      openAt({
        config: 'webhook: {secretManagerTypes: [GCP]}\nfunction: {profile: flyte1, envFiles: [new]}',
        pod: pod({ group: 'g', group_version: '1', key: 'k', mount_requirement: 'ENV_VAR' }),
      }),
      async (page) => {
        await expectTitle(page, /^Denied/)
        const said = page.locator('.said').nth(1)
        expect(await said.innerText()).toMatch(/function\.envFiles does not name the calling cluster local/)
        await page.getByLabel('Calling cluster').fill('new')
        await expectTitle(page, /^Allowed, \d+ lines added/)
        expect(await said.innerText()).toMatch(
          /variable _FSEC_G_K, read by the kubelet from a file that an init container writes$/,
        )
        await expectCode(page, 'JSON Patch', '"volumeName": "flyte-secret-env"')
      },
    ))

  it('finds the secrets that should exist, and shows no value', () =>
    visit(openPage(browser, served.url), async (page) => {
      await page.getByLabel(/^Global secrets/).fill('db-creds/password')
      await expectCode(page, 'JSON Patch', '[redacted]')
      expect(await page.content()).not.toContain('invented"')
    }))

  it('creates a link to what it shows, and restores it from the link', () =>
    visit(openPage(browser, served.url), async (page) => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
      await page.getByRole('checkbox', { name: /^AWS/ }).check()
      await page.getByLabel('Namespace').fill('their-own')
      await page
        .getByRole('group', { name: 'Secret 1' })
        .getByRole('combobox', { name: 'Deliver as' })
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

  it('still works after a link that cannot be read, and after another link', () =>
    visit(openPage(browser, `${served.url}#1.!!!`), async (page) => {
      await page
        .getByRole('alert')
        .filter({ hasText: 'The link cannot be read: it is incomplete, or was changed' })
        .waitFor()
      expect(await titleOf(page)).toBe('Allowed, 15 lines added')
      const fragment = await writeFragment({ ...emptyState, pod: pod({ group: 'g' }) })
      await page.evaluate(`location.hash = ${JSON.stringify(fragment)}`)
      await expectTitle(page, /Denied \(400 BadRequest\)/)
    }))

  it('shows the contents of a hostile pod and link as text', () =>
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
    expect(await page.locator('.warnings li').count()).toBe(warnings.length)
    if (!allowed) {
      expect(title).toBe(`Denied (${status.code} ${status.reason})`)
      expect(JSON.parse(await codeOf(page, 'Status'))).toEqual(status)
    }
    const operations = operationsOf(json)
    const patch = page.locator('pre[aria-label="JSON Patch"]')
    expect(await patch.count()).toBe(operations.length === 0 ? 0 : 1)
    if (operations.length > 0) expect(JSON.parse((await patch.textContent()) ?? '')).toEqual(operations)
    expect(faults).toEqual([])
  })
})

/** Builds the page's review, with the original pod instead of the masked one. */
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
  const rows = ([390, 820, 1440] as const).flatMap((width) =>
    (['light', 'dark'] as const).flatMap((scheme) => states.map((row) => ({ ...row, scheme, width }))),
  )

  it.each(rows)(
    'has no violation that axe-core finds, and leaves a picture: $what, $scheme, $width',
    ({ state, scheme, width, what }) => {
      const options = { colorScheme: scheme, viewport: { width, height: 1000 } }
      const open =
        what === 'as it begins'
          ? openPage(browser, served.url, options)
          : openAt({ pod: pod({ group: 'g', key: 'k' }), ...state }, options)
      return visit(open, async (page) => {
        const file = `${what.replaceAll(' ', '-')}-${width}-${scheme}.png`
        await page.screenshot({ path: join(projectRoot, 'coverage/playground', file) })
        for (const summary of await page.locator('summary').all()) await summary.click()
        expect(await accessibilityFaults(page)).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      })
    },
  )

  it('can be used with only the keyboard', () =>
    visit(openPage(browser, served.url), async (page) => {
      const tabTo = async (name: string): Promise<void> => {
        for (let presses = 0; presses < 60; presses++) {
          await page.keyboard.press('Tab')
          if ((await focused(page)).includes(name)) return
        }
        throw new Error(`Tab does not lead to ${name}`)
      }
      await tabTo('Switch between light and dark')
      await page.keyboard.press('Enter')
      await tabTo('flyte1')
      await page.keyboard.press('ArrowRight')
      await tabTo('Vault')
      await page.keyboard.press('Space')
      await tabTo('webhook.yaml')
      await page.keyboard.press('ControlOrMeta+End')
      await page.keyboard.type('  onFailure: admit')
      await tabTo('Add a secret')
      await page.keyboard.press('Enter')
      await expect.poll(() => focused(page)).toContain('Group')
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

  it('announces the answer to a screen reader', () =>
    visit(openAt({ pod: pod({ group: 'g' }) }), async (page) => {
      const told = page.locator('.verdict').getByRole('status')
      expect(await told.innerText()).toMatch(/^Denied \(400 BadRequest\)/)
    }))

  it('is light or dark like the system, or as chosen, and remembers the choice', async () => {
    const { page, close, faults } = await openPage(browser, served.url, { colorScheme: 'dark' })
    const lightness = async (): Promise<number> =>
      Number(await page.evaluate('getComputedStyle(document.body).backgroundColor.match(/[0-9]+/)[0]'))
    expect(await lightness()).toBeLessThan(50)
    const theme = page.getByRole('button', { name: 'Switch between light and dark' })
    await theme.click()
    await expect.poll(lightness).toBeGreaterThan(200)
    await page.reload()
    await expect.poll(lightness).toBeGreaterThan(200)
    await theme.click()
    await expect.poll(lightness).toBeLessThan(50)
    await page.emulateMedia({ colorScheme: 'light' })
    await expect.poll(lightness).toBeGreaterThan(200)
    expect(faults).toEqual([])
    await close()
  })

  it('works if the browser stores no data for pages', async () => {
    const context = await browser.newContext()
    await context.addInitScript(
      "Object.defineProperty(window, 'localStorage', { get() { throw new Error('kept from you') } })",
    )
    const page = await context.newPage()
    await page.goto(served.url)
    await page.getByRole('button', { name: 'Switch between light and dark' }).click()
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark')
    await expectTitle(page, /^Allowed/)
    await context.close()
  })
})

/** Returns the name of the focused element, including in a shadow tree. */
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

  it('work without a server', () =>
    visit(openPage(browser, pathToFileURL(join(folder, 'index.html')).href), async (page) => {
      expect(await titleOf(page)).toBe('Allowed, 15 lines added')
    }))

  it('work below a path of another site', async () => {
    const below = new Map([...files].map(([name, contents]) => [`some/site/${name}`, contents]))
    const site = await servePlayground(below, { host: '127.0.0.1', port: 0 })
    await visit(openPage(browser, `${site.url}some/site/index.html`), async (page) => {
      expect(await titleOf(page)).toBe('Allowed, 15 lines added')
    })
    await site.close()
  })

  it('are the same bytes each time', async () => {
    expect(await buildPlayground()).toEqual(files)
  })

  it('come with the licences of their contents', () => {
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

  it('refuse everything from elsewhere', () => {
    const html = new TextDecoder().decode(files.get('index.html'))
    expect(html).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(html).not.toMatch(/unsafe|nonce|https?:/)
  })
})

describe.skipIf(!here)('the playground that was built for a configuration', { timeout: 60_000 }, () => {
  it('starts with it, and runs its manager', async () => {
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
        await expectTitle(page, /^Allowed, \d+ lines added$/)
        await expectCode(page, 'JSON Patch', 'top/db-creds/password')
        expect(await page.getByRole('term').allInnerTexts()).toEqual(['Global', 'Shelf'])
      })
    } finally {
      await own.close()
    }
  })

  it('reports on another page that the manager is not built in', () =>
    visit(openPage(browser, served.url), async (page) => {
      await paste(page, 'webhook.yaml', shelfConfig('./managers/shelf.ts'))
      await expectTitle(page, /^The configuration is invalid$/)
      expect(await page.locator('.lines.error li').allInnerTexts()).toEqual([
        expect.stringMatching(
          /^webhook\.yaml:7 function\.managers\.Shelf\.from: .*this page does not include it/,
        ),
      ])
    }))
})
