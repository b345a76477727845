import { Command } from 'commander'
import type { Context } from '../context.ts'
import { createCertsInitCommand } from './certs-init.ts'
import { createCertsRotateCommand } from './certs-rotate.ts'
import { createCertsStatusCommand } from './certs-status.ts'

/** `flyte-webhook certs`: a private authority and a server certificate, as `flytepropeller webhook init-certs` creates them. */
export const createCertsCommand = (context: Context): Command =>
  new Command('certs')
    .description('manage the certificates of a webhook whose server has no public ones')
    .addCommand(createCertsInitCommand(context))
    .addCommand(createCertsStatusCommand(context))
    .addCommand(createCertsRotateCommand(context))
    .addHelpText(
      'after',
      `
Example:
  flyte-webhook certs init --url https://hooks.example.com/ --directory certs
  flyte-webhook certs status --directory certs`,
    )
