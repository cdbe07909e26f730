import { z } from 'zod'
import { cardSchema } from '../../shared/card.ts'
import { isStart } from '../../shared/startParameter.ts'

/**
 * What the buttons under our messages say to us: at most 64 bytes, and anybody can send anything in their place.
 * A button says what shall be, not what shall change, so that a second tap does nothing more.
 */
const buttonSchema = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('agree'),
    consentVersion: z.string().min(1).max(20),
    /** Of the link that they came by: of a till, or of a customer. */
    start: z.string().refine(isStart).optional(),
  }),
  z.strictObject({ action: z.literal('decline') }),
  z.strictObject({ action: z.literal('card') }),
  z.strictObject({ action: z.literal('balance') }),
  z.strictObject({
    action: z.literal('history'),
    before: z
      .string()
      .regex(/^(\d{1,14}_[0-9a-f-]{36})?$/)
      .default(''),
  }),
  z.strictObject({
    action: z.literal('notify'),
    about: z.enum(['purchases', 'expiry', 'status', 'referrals', 'vouchers']),
    wish: z.enum(['on', 'off']),
  }),
  // To advertising they say yes to a text that they were shown.
  z.strictObject({ action: z.literal('advertising'), wish: z.enum(['ask', 'no', 'stop']) }),
  z.strictObject({ action: z.literal('advertise'), version: z.string().min(1).max(20) }),
  // The card they were asked about: an old button must not take the card that came after it.
  z.strictObject({ action: z.literal('forget'), card: cardSchema }),
  z.strictObject({ action: z.literal('keep') }),
])
export type Button = z.infer<typeof buttonSchema>

const FIELDS: Record<string, string[]> = {
  agree: ['consentVersion', 'start'],
  history: ['before'],
  notify: ['about', 'wish'],
  advertising: ['wish'],
  advertise: ['version'],
  forget: ['card'],
}

export function writeButton({ action, ...fields }: z.input<typeof buttonSchema>): string {
  return [action, ...Object.values(fields)].join(':')
}

export function readButton(data: string): Button | null {
  const [action = '', ...values] = data.split(':')
  const names = Object.hasOwn(FIELDS, action) ? (FIELDS[action] ?? []) : []
  if (values.length > names.length) return null
  const fields = Object.fromEntries(values.map((value, at) => [names[at], value]))
  return buttonSchema.safeParse({ action, ...fields }).data ?? null
}
