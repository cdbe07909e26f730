import { isToShow, type MyVoucher } from '../../../shared/myVoucher.ts'
import { frozenOf, type Person } from '../../people/people.ts'
import { readMyVouchers } from '../../vouchers/mine.ts'
import type { BotContext, Talk } from '../context.ts'
import { keyboardOf, say } from '../reply.ts'

/** Telegram takes 4096 characters in a message; with its marks a text has more of them than there are to read. */
const LONGEST_TEXT = 4096

/** Those that can be shown to a till, with their codes; the app has the QR codes, and those that are over. */
export async function showVouchers(context: BotContext, talk: Talk, person: Person): Promise<void> {
  const { sql, now, timeZone, voucherKey, supportContact: contact } = context
  const all = await readMyVouchers(sql, person, { now: now(), timeZone, voucherKey })
  const textOf = (vouchers: MyVoucher[]) =>
    talk.words.vouchers(vouchers, { frozen: frozenOf(person), contact })
  let told: MyVoucher[] = []
  for (const voucher of all.filter(({ state }) => isToShow(state))) {
    if (told.length > 0 && textOf([...told, voucher]).html.length > LONGEST_TEXT) {
      await say(talk, textOf(told))
      told = []
    }
    told.push(voucher)
  }
  await say(talk, textOf(told), keyboardOf(context, talk, []))
}
