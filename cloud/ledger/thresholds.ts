import { z } from 'zod'
import type { Sql, Tx } from '../database/connect.ts'

const count = (byDefault: number) => z.int().min(1).max(100_000_000).default(byDefault)

/**
 * Above what IT is told. They lie beside the rules of the programme in the database, but registers are not told
 * them: a thief of a key would stay below.
 */
export const thresholdsSchema = z.object({
  alert_redemptions_an_hour: count(60),
  alert_cards_in_ten_minutes: count(60),
  alert_missed_cards_in_ten_minutes: count(30),
  alert_purchases_a_card_a_day: count(10),
  alert_points_a_register_a_day: count(20_000),
})
export type Thresholds = z.infer<typeof thresholdsSchema>

export async function readThresholds(sql: Sql | Tx): Promise<Thresholds> {
  const [row] = await sql<{ settings: unknown }[]>`select settings from programme`
  return thresholdsSchema.parse(row?.settings ?? {})
}
