import { ofManagers } from './of-managers.ts'

/** Texts of the code that look like messages, and that nobody is shown by the function, the gateway or `doctor`. */
export const unshown: readonly { readonly because: string; readonly texts: readonly string[] }[] = [
  { because: 'a command of an init container, or a template of Vault', texts: ofManagers.unshown },
  {
    because: 'only a bundle that was not built from its configuration could say it',
    texts: ['the manager <name> is not built in'],
  },
  { because: 'the AWS SDK says it, and it is looked for', texts: ['Region is missing'] },
  {
    because: "Kubernetes' own words are shown in its place",
    texts: ['no such path or caller', 'no such path'],
  },
  { because: 'the code of this error is what counts', texts: ['no subject alternative name'] },
  { because: 'the other clock does not', texts: ['the API server agrees', 'the function agrees'] },
  {
    because: 'it is a part of `--help`, which docs/cli.md has',
    texts: ['Exit status: 0 all is well, 3 something to look at, 1 something wrong.'],
  },
  { because: 'it stands where a file would be named', texts: ['standard input'] },
  {
    because:
      'it is what commands say of a file that is no configuration, and it names the command that makes one',
    texts: ['<what it is>: run flyte-webhook config import <file> > <file>'],
  },
  {
    because: 'messages of the build and of commands end with it',
    texts: ['1 to 63 lower-case letters, digits and hyphens'],
  },
  {
    because: 'other commands do it',
    texts: [
      'could not apply <object>: <why>',
      'could not change <object>: <why>',
      'could not delete <object>: <why>',
    ],
  },
]
