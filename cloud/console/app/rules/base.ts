import { type Base, baseSchema } from '../../../../shared/rules/book.ts'
import { type FieldSpec, specOf } from '../kit/specs.ts'

/** The fields of the base, as its schema describes them. */
export const fields = Object.entries(baseSchema.shape).map(
  ([name, schema]) => specOf(name, schema) as FieldSpec & { name: keyof Base },
)

/** Of what people type, in the units of the document; null where it is no number of at most its hundredths. */
export function numberOf(text: string, scale: 1 | 100): number | null {
  const plain = text.replaceAll(/\s/g, '').replace(',', '.')
  const form = scale === 100 ? /^\d{1,9}(\.\d{1,2})?$/ : /^\d{1,9}$/
  return form.test(plain) ? Math.round(Number(plain) * scale) : null
}
