import type { Reader } from '../../shared/campaigns/message.ts'
import { isHeldOut } from '../../shared/rules/holdout.ts'
import type { Condition } from '../../shared/segments/definition.ts'
import type { Instant } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { customersWithFacts } from '../insight/segments/members.ts'
import type { Segments } from '../insight/segments/read.ts'
import { availableOfCustomer } from '../ledger/conditions.ts'
import { conditionIn } from '../ledger/segmentCondition.ts'
import { mayBeAdvertisedTo } from '../people/consents.ts'

/** A customer to whom a message may go, with the facts that it would name now. */
interface KnownReader extends Reader {
  id: number
  card: string
  /** Of the campaign: it is among the points, or was. */
  hasGift: boolean
}

interface Audience {
  definition: Condition
  segments: Segments
  /** The people it leaves out read nothing of it; a campaign without a name yet has left out none. */
  campaign: string | undefined
  holdoutPercent: number
}

export interface Readers {
  /** The reader with the newest card; null: no member of the audience may be told now. */
  reader: KnownReader | null
  /** About how many may be told now; those who are left out are off. */
  readers: number
}

/** Among so many of the newest members, one who is not left out is looked for. */
const EXAMPLES = 100

export async function findReader(
  sql: Sql | Tx,
  { definition, segments, campaign, holdoutPercent: percent }: Audience,
  now: Instant,
): Promise<Readers> {
  const whom = sql`
    ${customersWithFacts(sql, segments)} and ${conditionIn(sql, definition, segments)}
      and c.status = 'active' and ${mayBeAdvertisedTo(sql, sql`c.id`)}
      and exists (select from people where people.customer_id = c.id and unreachable_since is null)`
  const [row] = await sql<{ people: number; ids: number[] | null; cards: string[] | null }[]>`
    select count(*)::int as people, (array_agg(id order by id desc))[1:${EXAMPLES}] as ids,
      (array_agg(card order by id desc))[1:${EXAMPLES}] as cards
    from (select c.id, c.card from ${whom}) whom`
  const { people = 0, ids, cards } = row ?? {}
  const isTold = (card: string) => campaign === undefined || !isHeldOut(card, { of: campaign, percent })
  const place = cards?.findIndex(isTold) ?? -1
  const [reader] = await sql<KnownReader[]>`
    select c.id, c.card, c.first_name as "firstName", people.language, ${availableOfCustomer(sql, now)} as points,
      exists (
        select from campaign_people p join campaigns on campaigns.id = p.campaign_id
        where p.customer_id = c.id and gift_points is not null
          and campaigns.programme_id = ${segments.programmeId} and name = ${campaign ?? null}) as "hasGift"
    from customers c join people on people.customer_id = c.id where c.id = ${ids?.[place] ?? null}`
  return { reader: reader ?? null, readers: Math.ceil((people * (100 - percent)) / 100) }
}
