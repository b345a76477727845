import packageJson from '../../package.json' with { type: 'json' }

const { serverless, 'serverless-offline': offline } = packageJson.devDependencies

/**
 * The path of the package's tarball in a project. No registry has the package, so anyone could publish another one under
 * its name.
 */
export const tarball = `vendor/${packageJson.name}-${packageJson.version}.tgz`

/** `package.json`, with exactly this version: every upgrade is a change that somebody reviews. */
export const manifest = (): string => {
  const written = {
    private: true,
    type: 'module',
    scripts: {
      start: 'exec flyte-webhook start',
      check: 'flyte-webhook config check && flyte-webhook review examples/plain.json',
      package: 'serverless package',
      deploy: 'serverless deploy',
    },
    dependencies: { [packageJson.name]: `file:${tarball}` },
    devDependencies: { serverless, 'serverless-offline': offline },
    // Neither needs its install script.
    allowScripts: { esbuild: false, 'es5-ext': false },
  }
  return `${JSON.stringify(written, null, 2)}\n`
}

const packaged = 'node_modules/flyte-webhook'

/** `serverless.yml`, with the sections of the package's own: an upgrade also updates the stack. */
export const stack = `# The stack comes from ${packaged}/serverless.yml. Add your own sections next to these.
service: flyte-webhook
configValidationMode: error

${['provider', 'functions', 'resources', 'package', 'custom']
  .map((section) => `${section}: \${file(${packaged}/serverless.yml):${section}}\n`)
  .join('')}
plugins:
  - flyte-webhook/serverless
  - serverless-offline

# Parameters to commit, by stage. --param overrides them. ${packaged}/docs/deploy.md lists them.
# params:
#   production:
#     allowedCidrs: [203.0.113.10/32]
#     alarmTopicArn: arn:aws:sns:eu-west-1:123456789012:on-call
`

export const gitIgnore = `node_modules/
dist/
.certs/
.serverless/
.serverless-offline/
*.token
*.key
`

/** The first steps of each job in the workflow. */
const installed = `      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with:
          persist-credentials: false
      - uses: actions/setup-node@395ad3262231945c25e8478fd5baf05154b1d79f # v6.1.0
        with:
          node-version: 24
      - run: npm ci`

/** `.github/workflows/webhook.yml`. */
export const deployment = `name: Webhook

on:
  pull_request:
  push:
    branches: [main]

permissions:
  contents: read

jobs:
  check:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
${installed}
      - run: npm run check

  # To deploy from here, set the repository's variables AWS_ROLE_ARN (a role that GitHub can assume) and AWS_REGION, after a first
  # deployment by hand has made production.digests.
  deploy:
    needs: check
    if: github.event_name == 'push' && vars.AWS_ROLE_ARN != ''
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    environment: production
    concurrency: deploy-production
    permissions:
      contents: read
      id-token: write
    steps:
${installed}
      - uses: aws-actions/configure-aws-credentials@61815dcd50bd041e203e49132bacad1fd04d2708 # v5.1.1
        with:
          role-to-assume: \${{ vars.AWS_ROLE_ARN }}
          aws-region: \${{ vars.AWS_REGION }}
      - run: npm run deploy -- --stage production --param "$(cat production.digests)"
`

export const readme = `# Flyte's pod webhook

This project configures and deploys flyte-webhook, which \`npm ci\` installs from \`vendor\` into \`${packaged}\`. It needs Node.js 22.18 or newer.

| file | |
|---|---|
| \`webhook.yaml\` | the configuration |
| \`serverless.yml\` | the stack, and its parameters by stage |
| \`vendor\` | the package, because no registry has it |
| \`examples\` | an AdmissionReview that \`npm run check\` answers, and a pod for \`npx flyte-webhook preview\` |
| \`production.digests\` | the digests of the tokens that the deployed function accepts; not secret, so commit it |
| \`.github/workflows/webhook.yml\` | checks each change, and deploys \`main\` after each merge |

\`\`\`sh
npm ci
npm run check            # checks the configuration, and answers the example
npm start                # serves the webhook at https://localhost:8443
\`\`\`

\`${packaged}/docs/deploy.md\` leads through the first deployment, and \`${packaged}/docs/adopt.md\` through upgrade and roll back.
To deploy a change and check it:

\`\`\`sh
export AWS_REGION=eu-west-1        # where the cluster is
npm run deploy -- --stage production --param "$(cat production.digests)"
npx flyte-webhook doctor --digests "$(cat production.digests)"
\`\`\`
`
