import { z } from 'zod'
import { isAnnotationKey } from '../kubernetes-names.ts'

/** Kubernetes' `ValidateAnnotationsSize`. */
const maxAnnotationBytes = 256 * 1024

/** An editor need not ask for quotes: a number or boolean is read as the text that is written. */
const annotationValue = z.string().meta({ type: ['string', 'number', 'boolean'] })

type Annotations = Readonly<Record<string, string>>

/** Annotations of a pod; `refused` names those that must not be given, each with the reason. */
export const annotations = (
  refused: (all: Annotations) => readonly (readonly [annotation: string, why: string])[] = () => [],
) =>
  z
    .record(
      z.string().refine(isAnnotationKey, {
        error:
          'cannot be the key of an annotation: [domain/]name, the name at most 63 letters, digits, - _ and .',
      }),
      annotationValue,
    )
    .refine((all) => Buffer.byteLength(Object.entries(all).flat().join('')) <= maxAnnotationBytes, {
      error: 'must hold at most 256 KiB, as much as the annotations of a pod',
    })
    .superRefine((all, context) => {
      for (const [annotation, message] of refused(all))
        context.addIssue({ code: 'custom', path: [annotation], message })
    })
