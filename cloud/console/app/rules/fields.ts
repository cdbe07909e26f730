import type { z } from 'zod'
import { baseSchema } from '../../../../shared/rules/book.ts'
import { budgetSchema, limitsSchema } from '../../../../shared/rules/budget.ts'
import { referralTermsSchema } from '../../../../shared/rules/referral.ts'
import { statusSchema, statusTermsSchema } from '../../../../shared/rules/status.ts'
import { type FieldSpec, specOf } from '../kit/specs.ts'

// What a book is made of, as its schemas describe it: by these its parts are shown and written.

/** What has a default is never left empty: nobody would see which one it is. */
export type BookField = FieldSpec & { title: string | undefined; whenEmpty: '' | undefined }

const fieldsOf = (shape: Record<string, z.ZodType>, except: readonly string[] = []): BookField[] =>
  Object.entries(shape)
    .filter(([name]) => !except.includes(name))
    .map(([name, schema]) => {
      const empty = schema.safeParse(undefined)
      return {
        ...specOf(name, schema),
        title: schema.meta()?.title,
        whenEmpty: empty.success && empty.data === undefined ? undefined : '',
      }
    })

const { options: periods } = statusTermsSchema.shape.period.unwrap()
const [rollingMonths] = periods

export const baseFields = fieldsOf(baseSchema.shape)
export const statusFields = fieldsOf(statusSchema.shape, ['name'])
export const termsFields = fieldsOf(statusTermsSchema.shape, ['period'])
export const monthsFields = fieldsOf(rollingMonths.shape, ['type'])
export const periodTypes = periods.map(({ shape }) => shape.type.value)
export const budgetFields = fieldsOf(budgetSchema.shape, ['id'])
export const limitsFields = fieldsOf(limitsSchema.shape, ['purchases_per_customer_day'])
export const purchasesFields = fieldsOf(limitsSchema.shape.purchases_per_customer_day.unwrap().shape)
export const referralFields = fieldsOf(referralTermsSchema.shape)
