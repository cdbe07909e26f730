import { z } from 'zod'

const points = z.int().min(0).max(10_000)

/** What a friend brings who comes by a customer's link. */
export const referralTermsSchema = z
  .strictObject({
    referrer_points: points.meta({ title: 'For who invited', unit: 'points' }),
    referee_points: points.meta({ title: 'For the friend', unit: 'points' }),
    min_purchase_kopecks: z
      .int()
      .min(1)
      .max(100_000_000)
      .default(1)
      .meta({ title: 'Smallest purchase of the friend, of what is paid in money', unit: 'kopecks' }),
    wait_days: z
      .int()
      .min(0)
      .max(365)
      .default(14)
      .meta({ title: 'So long the goods may still come back', unit: 'days' }),
    per_month: z
      .int()
      .min(1)
      .max(1000)
      .default(10)
      .meta({ title: 'Friends that a customer is rewarded for in a month', unit: 'friends' }),
  })
  .refine((terms) => terms.referrer_points + terms.referee_points > 0, {
    path: ['referrer_points'],
    error: 'nobody would get anything',
  })
  .meta({ id: 'ReferralTerms', title: 'Inviting friends' })
export type ReferralTerms = z.infer<typeof referralTermsSchema>
