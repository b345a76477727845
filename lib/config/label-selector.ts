import { z } from 'zod'
import { key, list, section } from './key.ts'
import { isLabelValue, isQualifiedName } from '../kubernetes-names.ts'

const labelKey = z.string().refine(isQualifiedName, { error: 'must be a label key' })
const labelValue = z.string().refine(isLabelValue, {
  error: 'must be a label value: at most 63 letters, digits, - _ and ., with a letter or digit at both ends',
})

const expression = section({
  key: labelKey.describe('The key of the label.'),
  operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']).describe('How the label is compared.'),
  values: key(list(labelValue), { description: 'The values for In and NotIn.' }),
}).refine(({ operator, values }) => operator.endsWith('In') === (values ?? []).length > 0, {
  path: ['values'],
  error: 'is required with In and NotIn, and not allowed with Exists and DoesNotExist',
})

/** A Kubernetes LabelSelector, by the rules of `ValidateLabelSelector`. */
export const labelSelector = section({
  matchLabels: key(z.record(labelKey, labelValue), { description: 'Labels that must all match.' }),
  matchExpressions: key(list(expression), { description: 'Conditions that must all be met.' }),
})
