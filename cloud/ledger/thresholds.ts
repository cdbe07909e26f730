import { z } from 'zod'
import { settingsSchema } from '../../shared/programme.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { ADJUST_LIMIT_POINTS } from './refusals.ts'

const count = (byDefault: number) => z.int().min(1).max(100_000_000).default(byDefault)

/**
 * The numbers above which IT is alerted. They lie beside the rules of the programme in the database, but registers are not
 * told them: a thief of a key would stay below.
 */
export const thresholdsSchema = z.object({
  alert_redemptions_an_hour: count(60),
  alert_cards_in_ten_minutes: count(60),
  alert_missed_cards_in_ten_minutes: count(30),
  alert_purchases_a_card_a_day: count(10),
  alert_points_a_register_a_day: count(20_000),
  /** Merges by one register, or by one person. */
  alert_merges_a_day: count(20),
  alert_cards_of_a_customer: count(3),
  /** More than so many points by hand for one customer within a day are approved by two others. */
  approval_adjust_points: z.int().min(1).max(ADJUST_LIMIT_POINTS).default(ADJUST_LIMIT_POINTS),
  /** A book that would have cost so much more within the latest 30 days is approved by two others, too. */
  approval_book_kopecks: z.int().min(0).max(5_000_000).default(5_000_000),
  /** So many messages of campaigns one person gets within seven days. */
  advertising_per_week: z.int().min(0).max(100).default(2),
})
export type Thresholds = z.infer<typeof thresholdsSchema>

export async function readThresholds(sql: Sql | Tx, programmeId: number): Promise<Thresholds> {
  const [row] = await sql<{ settings: unknown }[]>`select settings from programmes where id = ${programmeId}`
  return thresholdsSchema.parse(row?.settings ?? {})
}

/** The thresholds of a programme, and how many holds its registers may have open. */
export interface Usual extends Thresholds {
  maxOpenHolds: number
}

/** The thresholds by programme. */
export async function readUsual(sql: Sql): Promise<Map<number, Usual>> {
  const rows = await sql<{ programmeId: number; settings: unknown }[]>`
    select id as "programmeId", settings from programmes order by id`
  return new Map(
    rows.map(({ programmeId, settings }) => [
      programmeId,
      { ...thresholdsSchema.parse(settings), maxOpenHolds: settingsSchema.parse(settings).max_open_holds },
    ]),
  )
}
