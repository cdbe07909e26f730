import type { Fragment } from 'postgres'
import type { Sql, Tx } from '../database/connect.ts'

/** The fate of the message of a campaign to one of its people. */
export type Fate =
  /** The message is in the line. */
  | 'queued'
  | 'sent'
  /** The customer has not agreed to advertising, or has withdrawn it. */
  | 'no_consent'
  | 'no_telegram'
  | 'blocked'
  /** The customer had as many messages within a week as the programme allows. */
  | 'over_limit'
  /** It was to come with a gift that could not be given. */
  | 'no_gift'
  /** The customer is erased, merged into another or frozen. */
  | 'gone'
  /** The campaign was over before it could be sent. */
  | 'ended'
  /** Telegram would not take it, or it lies parked. */
  | 'failed'

/** Writes the fate in the statement that settles the row in the line, which `settled` returns. */
export const noteFate = (sql: Sql | Tx, settled: Fragment, fate: Fate) => sql`
  with settled as (${settled})
  update campaign_people p set message = ${fate}
  from settled where p.campaign_id = settled.reference::int and p.customer_id = settled.customer_id`
