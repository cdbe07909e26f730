import { isToShow } from '../../../shared/myVoucher.ts'
import { frozenOf, type Person } from '../../people/people.ts'
import { readMyVouchers } from '../../vouchers/mine.ts'
import type { BotContext, Talk } from '../context.ts'
import { keyboardOf, say } from '../reply.ts'

/** Those that can be shown to a till, with their codes; the app has the QR codes, and those that are over. */
export async function showVouchers(context: BotContext, talk: Talk, person: Person): Promise<void> {
  const { sql, now, timeZone, voucherKey, supportContact: contact } = context
  const all = await readMyVouchers(sql, person, { now: now(), timeZone, voucherKey })
  const vouchers = all.filter(({ state }) => isToShow(state))
  const text = talk.words.vouchers(vouchers, { frozen: frozenOf(person), contact })
  await say(talk, text, keyboardOf(context, talk, []))
}
