import { ofManagers } from './of-managers.ts'

/** Texts of the code that look like messages, but that the function, the gateway and `doctor` never print. */
export const unshown: readonly { readonly because: string; readonly texts: readonly string[] }[] = [
  { because: 'it is a command of an init container or a template of Vault', texts: ofManagers.unshown },
  {
    because: 'only a bundle of another configuration could print it',
    texts: ['the manager <name> is not built in'],
  },
  { because: 'it is an error of the AWS SDK that the code searches for', texts: ['Region is missing'] },
  {
    because: "the user sees Kubernetes' own text instead",
    texts: ['no such path or caller', 'no such path'],
  },
  { because: 'the code only uses the error code', texts: ['no subject alternative name'] },
  {
    because: 'it only appears beside the finding about the other clock',
    texts: ['the API server agrees', 'the function agrees'],
  },
  {
    because: 'it is part of `--help` and stands in docs/cli.md',
    texts: ['Exit status: 0 no problem, 3 warnings only, 1 at least one problem.'],
  },
  { because: 'it stands where a file would be named', texts: ['standard input'] },
  {
    because:
      'commands say it of a file that holds another kind of configuration, and it names the command that imports it',
    texts: ['<what it is>: run flyte-webhook config import <file> > <file>'],
  },
  {
    because: 'commands warn of a file that a failed command left behind `>`, and it needs no explanation',
    texts: ['the file is empty, so every key has its default value'],
  },
  {
    because: 'it ends messages of the build and of commands',
    texts: ['1 to 63 lower-case letters, digits and hyphens'],
  },
  {
    because: 'other commands print it',
    texts: [
      'could not apply <object>: <why>',
      'could not change <object>: <why>',
      'could not delete <object>: <why>',
    ],
  },
]
