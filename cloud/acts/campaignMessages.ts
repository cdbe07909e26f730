import { z } from 'zod'
import { cardSchema } from '../../shared/card.ts'
import { toIso } from '../../shared/time.ts'
import { findCampaign } from '../campaigns/read.ts'
import { ActError, act } from './act.ts'
import { textInput } from './inputs.ts'
import { placeOfProgramme } from './place.ts'
import { findProgramme, programmeInput } from './programmes.ts'

/**
 * Its message as they would read it, at once and at any hour, counted nowhere. It goes only to a card of the staff: to others
 * nothing is sent that they have not agreed to.
 */
export const testCampaign = act({
  name: 'campaign test',
  title: 'Send the message of a campaign to oneself',
  input: z.strictObject({ campaign: textInput, card: cardSchema, programme: programmeInput }),
  place: (sql, { programme }) => placeOfProgramme(sql, programme),
  async run(sql, { campaign: name, card, programme }, { now }) {
    const { id: programmeId } = await findProgramme(sql, programme)
    const known = await findCampaign(sql, { programmeId, name })
    if (!known) throw new ActError('campaign_not_found', `There is no campaign ${name}: see "campaign list".`)
    if (!known.campaign.message)
      throw new ActError('no_message', `Campaign ${name} has no message. Nothing was sent.`)
    const [reader] = await sql<{ customerId: number; isStaff: boolean; isReachable: boolean | null }[]>`
      select c.id as "customerId", exists (select from staff_cards where customer_id = c.id) as "isStaff", (
        select unreachable_since is null from people where people.customer_id = c.id
        for key share of people) as "isReachable"
      from customers c
      where c.programme_id = ${programmeId} and c.card = ${card} and c.status = 'active' and c.merged_into is null
      for key share of c`
    if (!reader?.isStaff)
      throw new ActError(
        'not_of_staff',
        `${card} is no card of the staff: "customer staff ${card}" says that it is yours. Nothing was sent.`,
      )
    if (!reader.isReachable)
      throw new ActError(
        'not_in_telegram',
        `Card ${card} is not in Telegram, or has blocked the bot: send the bot /start from it. Nothing was sent.`,
      )
    const facts = { campaign: known.id }
    await sql`
      insert into notifications (customer_id, kind, reference, facts, created_at, due_at)
      values (${reader.customerId}, 'campaign_test', ${`${known.id} ${now}`}, ${sql.json(facts)}, ${toIso(now)}, ${toIso(now)})
      on conflict do nothing`
    return {
      result: { campaign: name, card },
      change: {
        subject: `campaign ${name} of programme ${programmeId}`,
        after: { version: known.version, sentTo: card },
      },
    }
  },
})
