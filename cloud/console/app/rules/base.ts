import type { BookDocument } from '../../../../shared/rules/book.ts'

type Base = BookDocument['base']
export type Field = keyof Base
export type Typed = Record<Field, string>

/** Of what people read and type: a percent is 100 basis points, a rouble 100 kopecks. */
const scales: Record<Field, 1 | 100> = {
  cashback_basis_points: 100,
  max_discount_basis_points: 100,
  lifetime_days: 1,
  activation_days: 1,
  min_purchase_kopecks: 100,
  max_purchase_kopecks: 100,
}
export const fields = Object.keys(scales) as Field[]
export const unitOf = (field: Field) =>
  field.endsWith('basis_points') ? 'basis points' : field.endsWith('kopecks') ? 'kopecks' : 'days'

export const typedOf = (base: Base): Typed =>
  Object.fromEntries(fields.map((field) => [field, String(base[field] / scales[field])])) as Typed

/** In the units of the book; null where a field is no number of at most its hundredths. */
export function baseOf(typed: Typed): Base | null {
  const read = fields.map((field) => [field, numberOf(typed[field], scales[field])] as const)
  return read.every(([, value]) => value !== null) ? (Object.fromEntries(read) as Base) : null
}

export function numberOf(text: string, scale: 1 | 100): number | null {
  const plain = text.replaceAll(/\s/g, '').replace(',', '.')
  const form = scale === 100 ? /^\d{1,9}(\.\d{1,2})?$/ : /^\d{1,9}$/
  return form.test(plain) ? Math.round(Number(plain) * scale) : null
}
