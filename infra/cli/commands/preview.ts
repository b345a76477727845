import { Command, Option } from 'commander'
import type { LoadedConfig } from '../../config/config-file.ts'
import type { CheckExistence, Existence } from '../../existence/existence.ts'
import { exitStatus, wrongUsage } from '../../failure.ts'
import type { NamespacedName } from '../../kubernetes/namespaced-name.ts'
import type { PodDocument } from '../../preview/pod-document.ts'
import type { Preview } from '../../preview/preview.ts'
import { parseRequest, requestForm, requestFormHelp } from '../../preview/readable-request.ts'
import { parseClusterName } from '../../registration/webhook-url.ts'
import type { Context } from '../context.ts'
import { inputName, onlyFile, readInputText } from '../input.ts'
import { configOption, contextOption, fileOption, kubeconfigOption, parseNamespacedName } from '../options.ts'
import { document, type OutputFormat, outputOption } from '../output.ts'

interface PreviewArguments {
  readonly filename?: string
  readonly config: string
  readonly secret: readonly string[]
  readonly pod?: NamespacedName
  readonly namespace?: string
  readonly user?: string
  readonly cluster: string
  readonly check: boolean
  readonly kubeconfig?: string
  readonly context?: string
  readonly output: OutputFormat
}

/** `flyte-webhook preview`. */
export const createPreviewCommand = (context: Context): Command =>
  new Command('preview')
    .description(
      'show a pod before and after, and why: the managers asked for each secret, and their answers',
    )
    .argument('[file]', 'a Pod or an AdmissionReview, as YAML or JSON; - for standard input')
    .addOption(fileOption())
    .addOption(
      new Option('--secret <request>', `request another secret: ${requestForm}; repeatable`)
        .argParser((value: string, before: readonly string[]) => [...before, value])
        .default([], 'only those of the pod'),
    )
    .addOption(
      new Option('--pod <namespace/name>', 'a pod in the cluster, instead of a file').argParser(
        parseNamespacedName,
      ),
    )
    .addOption(
      new Option(
        '-n, --namespace <name>',
        "the namespace to create the pod in; by default, the pod's own or, without one, default",
      ),
    )
    .addOption(
      new Option(
        '--user <name>',
        "the user who creates the pod, for rules (allow) that name users; by default, Flyte's engine",
      ),
    )
    .addOption(
      new Option(
        '--cluster <name>',
        'the cluster that calls, for rules and a function.envFiles that name clusters',
      )
        .argParser(parseClusterName)
        .default('local'),
    )
    .addOption(
      new Option(
        '--check',
        'check that the secrets exist: Secrets in the cluster, and AWS Secrets Manager with your own credentials',
      ).default(false),
    )
    .addOption(configOption())
    .addOption(kubeconfigOption())
    .addOption(contextOption())
    .addOption(outputOption(['text', 'json']))
    .addHelpText(
      'after',
      `${requestFormHelp}

It looks up global secrets where the function does: in the environment, in files
and in AWS. It never shows a value.

For all other secrets, "will inject" says what the pod gets, not that the secret
exists. --check also verifies that: for Kubernetes Secrets, by their names and
keys, and for the manager AWS, with DescribeSecret.

Exit status: 1 if the pod is denied, or a store of secrets gives no answer
(also to --check: no credentials, no permission); 3 if --check finds that a
secret is missing. A store that --check cannot ask does not change the status.

Example:
  flyte-webhook preview pod.yaml --secret db-creds/password:ENV_VAR=DB_PASSWORD`,
    )
    .action((file: string | undefined, options: PreviewArguments) =>
      run(context, onlyFile(file, options.filename), options),
    )

const run = async (
  { terminal, environment }: Context,
  file: string | undefined,
  options: PreviewArguments,
): Promise<void> => {
  const [{ readConfigFile }, { loadSecretSources }, { questionOf }, { preview }, { previewText }] =
    await Promise.all([
      import('../../config/config-file.ts'),
      import('../secret-sources.ts'),
      import('../../preview/question.ts'),
      import('../../preview/preview.ts'),
      import('../../preview/preview-text.ts'),
    ])
  const secrets = options.secret.map(parseRequest)
  const { config, definitions } = await readConfigFile(options.config)
  const question = questionOf(await readPod(file, options), options, secrets)
  const work = preview(question, {
    config,
    definitions,
    ...(options.check ? { check: await existenceCheck({ config, definitions }, options) } : {}),
    sources: await loadSecretSources(config, environment),
    cluster: options.cluster,
    // The time that the API server would wait.
    signal: AbortSignal.timeout(config.function.registration.timeoutSeconds * 1000),
  })
  const shown = await terminal.wait('asking the secret managers', work)
  if (options.output === 'json') terminal.write(document(jsonOf(shown)))
  else terminal.write(previewText(shown, terminal.styled))
  if (shown.refused !== undefined || isKnown(shown, 'no answer')) process.exitCode = exitStatus.failed
  else if (isKnown(shown, 'missing')) process.exitCode = exitStatus.warning
}

const existenceCheck = async (loaded: LoadedConfig, options: PreviewArguments): Promise<CheckExistence> => {
  const [{ createExistenceCheck }, { connect }] = await Promise.all([
    import('../../existence/check-existence.ts'),
    import('../../kubernetes/cluster.ts'),
  ])
  return createExistenceCheck(loaded, () => connect(options))
}

/** Whether this is known of the existence of any secret that the pod will get. */
const isKnown = ({ requests }: Preview, known: Existence['known']): boolean =>
  requests.some(
    (request) =>
      'asked' in request &&
      request.asked.some((said) => said.said === 'will inject' && said.existence.known === known),
  )

const readPod = async (file: string | undefined, options: PreviewArguments): Promise<PodDocument> => {
  const { pod } = options
  if (file !== undefined && pod === undefined) {
    const { readPodDocument } = await import('../../preview/pod-document.ts')
    return readPodDocument(await readInputText(file), inputName(file))
  }
  if (file !== undefined || pod === undefined)
    throw wrongUsage('name one pod: a file, - for standard input, or --pod namespace/name')
  const { readLivePod } = await import('../../preview/live-pod.ts')
  return readLivePod(pod, options)
}

/** Returns everything in the text, and the complete pods. A denied pod has no `after`. */
const jsonOf = ({ before, after, patch, warnings, refused, apart, requests }: Preview) => ({
  allowed: refused === undefined,
  apart,
  before,
  ...(refused === undefined ? { after, patch, warnings } : { status: refused }),
  requests,
})
