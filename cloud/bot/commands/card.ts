import { InputFile } from 'grammy'
import { toBuffer } from 'qrcode'
import { readSettings } from '../../ledger/programme.ts'
import { frozenOf, type Person } from '../../people/people.ts'
import type { BotContext, Talk } from '../context.ts'
import { keyboardOf } from '../reply.ts'

/** The QR of a card as plastic has it: `99` and its digits. */
function qrOfCard(card: string): Promise<Buffer> {
  return toBuffer(`99${card}`, { errorCorrectionLevel: 'M', margin: 4, width: 600 })
}

export async function showCard(
  context: BotContext,
  talk: Talk,
  person: Person,
  { isNew = false }: { isNew?: boolean } = {},
): Promise<void> {
  const settings = await readSettings(context.sql, person)
  const caption = talk.words.card(
    { card: person.card, frozen: frozenOf(person) },
    { isNew, needsApp: settings.redeem_proof === 'signed_code', contact: context.supportContact },
  )
  await talk.replyWithPhoto(new InputFile(await qrOfCard(person.card), 'card.png'), {
    caption: caption.html,
    parse_mode: 'HTML',
    reply_markup: keyboardOf(context, talk, [
      [{ text: talk.words.buttons.balance, does: { action: 'balance' } }],
    ]),
  })
}
