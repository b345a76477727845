// npm run picture: takes the README's screenshot of the playground, docs/playground.png.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { writePlayground } from '../../infra/playground/build.ts'
import { writeFragment } from '../../infra/playground/page/fragment.ts'
import { emptyState, type State } from '../../infra/playground/page/state.ts'
import { projectRoot } from '../../infra/project-root.ts'
import { launch, openPage } from './open-page.ts'

const shown: State = {
  ...emptyState,
  config: 'webhook:\n  secretManagerTypes: [AWS, K8s]\nfunction:\n  profile: flyte1\n',
  pod: `apiVersion: v1
kind: Pod
metadata:
  name: train
  namespace: flytesnacks-development
spec:
  containers:
    - name: main
      image: ghcr.io/acme/train:1.4
`,
  requests: [
    {
      group: 'db-creds',
      groupVersion: '',
      key: 'password',
      mountRequirement: 'ENV_VAR',
      envVar: 'DB_PASSWORD',
    },
    {
      group: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret',
      groupVersion: '',
      key: 'tls',
      mountRequirement: 'FILE',
      envVar: '',
    },
  ],
}

const folder = join(projectRoot, 'dist/playground')
await writePlayground(folder)
const browser = await launch()
const url = `${pathToFileURL(join(folder, 'index.html')).href}#${await writeFragment(shown)}`
const { page } = await openPage(browser, url, {
  colorScheme: 'light',
  viewport: { width: 1320, height: 1010 },
})
await page.screenshot({ path: join(projectRoot, 'docs/playground.png') })
await browser.close()
