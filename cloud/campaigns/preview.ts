import { textOfMessage } from '../../shared/campaigns/message.ts'
import type { Language } from '../../shared/me.ts'
import { isHeldOut } from '../../shared/rules/holdout.ts'
import type { Instant } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { conditionIn } from '../insight/segments/condition.ts'
import { customersWithFacts } from '../insight/segments/members.ts'
import { readSegmentsOf } from '../insight/segments/read.ts'
import { availableOfCustomer } from '../ledger/conditions.ts'
import { mayBeAdvertisedTo } from '../people/consents.ts'
import type { KnownCampaign } from './read.ts'

export interface MessagePreview {
  text: string
  /** Whose it is; null: nobody of the audience would have it now, and the person is made up. */
  card: string | null
  /** About how many of the audience may be told now; those who are left out are off. */
  readers: number
}

interface Reader {
  card: string
  firstName: string | null
  language: Language
  points: number
}

/** Of so many the newest who is not left out is looked for. */
const EXAMPLES = 100

const SOMEBODY: Omit<Reader, 'card'> = { firstName: 'Анна', language: 'ru', points: 250 }

/** What a real member would read now, the one with the newest card; null where the campaign has no message. */
export async function previewMessage(
  sql: Sql | Tx,
  { programmeId, campaign }: Pick<KnownCampaign, 'programmeId' | 'campaign'>,
  { now, timeZone }: { now: Instant; timeZone: string },
): Promise<MessagePreview | null> {
  const { message, audience, name, holdout_percent: percent } = campaign
  if (!message) return null
  const segments = await readSegmentsOf(sql, { programmeId, now, timeZone })
  const definition = segments.known.get(audience)?.definition
  if (!definition) return null
  const whom = sql`
    ${customersWithFacts(sql, segments)} and ${conditionIn(sql, definition, segments)}
      and c.status = 'active' and ${mayBeAdvertisedTo(sql, sql`c.id`)}
      and exists (select from people where people.customer_id = c.id and unreachable_since is null)`
  const [row] = await sql<{ people: number; ids: number[] | null; cards: string[] | null }[]>`
    select count(*)::int as people, (array_agg(id order by id desc))[1:${EXAMPLES}] as ids,
      (array_agg(card order by id desc))[1:${EXAMPLES}] as cards
    from (select c.id, c.card from ${whom}) whom`
  const { people = 0, ids, cards } = row ?? {}
  const place = cards?.findIndex((card) => !isHeldOut(card, { of: name, percent })) ?? -1
  const [reader] = await sql<Reader[]>`
    select c.card, c.first_name as "firstName", people.language, ${availableOfCustomer(sql, now)} as points
    from customers c join people on people.customer_id = c.id where c.id = ${ids?.[place] ?? null}`
  const { gift } = campaign
  const read = reader ?? SOMEBODY
  // By then they have the gift.
  const points = read.points + (gift?.points ?? 0)
  return {
    ...{ text: textOfMessage(message, { ...read, points }, campaign), card: reader?.card ?? null },
    readers: Math.ceil((people * (100 - percent)) / 100),
  }
}
