/** The name in an ARN of Secrets Manager, without the final hyphen and six characters of AWS. Any other id is the name itself. */
export const secretNameOf = (secretId: string): string =>
  /^arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:(.+)-[A-Za-z0-9]{6}$/.exec(secretId)?.[1] ?? secretId
