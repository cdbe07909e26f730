import type { Programmes, Stores } from '../../../shared/console/places.ts'
import { type Instant, toIso } from '../../../shared/time.ts'
import type { Sees } from '../../access/staff/accounts.ts'
import type { Sql } from '../../database/connect.ts'
import { SILENT_AFTER_MS } from '../../fleet/read.ts'
import { type InSight, isProgrammeInSight, isStoreInSight } from '../sight.ts'

/** A programme of which nothing is in sight is not there. */
export async function readProgrammes(
  sql: Sql,
  sees: Sees,
  timeZone: string,
): Promise<Programmes['programmes']> {
  const rows = await sql<Programmes['programmes']>`
    select programmes.id, name, merchant, currency, minor_digits as "minorDigits",
      coalesce(time_zone, ${timeZone}) as "timeZone", point_words as "pointWords",
      coalesce((
        select json_agg(json_build_object('id', stores.id, 'name', stores.name) order by stores.name, stores.id)
        from stores where stores.programme_id = programmes.id and ${isStoreInSight(sql, sees)}), '[]') as stores
    from programmes where ${isProgrammeInSight(sql, sees)} order by programmes.id`
  return rows.filter(({ stores }) => sees.stores === null || stores.length > 0)
}

interface StoreRow {
  id: number
  name: string
  programmeId: number
  opensAt: string | null
  closesAt: string | null
  timeZone: string | null
  createdAt: Instant
  registers: number
  silent: number
  customers: number
}

export async function readStores(
  sql: Sql,
  { programmeId, stores }: InSight,
  now: Instant,
): Promise<Stores['stores']> {
  const rows = await sql<StoreRow[]>`
    select stores.id, stores.name, programme_id as "programmeId", opens_at as "opensAt", closes_at as "closesAt",
      time_zone as "timeZone", created_at as "createdAt", fleet.registers, fleet.silent,
      (select count(*) from store_customers where store_id = stores.id)::int as customers
    from stores
    cross join lateral (
      select count(*)::int as registers,
        (count(*) filter (where last_seen_at < ${toIso(now - SILENT_AFTER_MS)}))::int as silent
      from registers where store_id = stores.id and revoked_at is null) fleet
    where programme_id = ${programmeId} and ${stores === null ? sql`true` : sql`stores.id = any(${stores}::int[])`}
    order by stores.name, stores.id`
  return rows.map(({ opensAt, closesAt, timeZone, createdAt, ...row }) => ({
    ...row,
    hours: opensAt && closesAt && timeZone ? { opensAt, closesAt, timeZone } : null,
    createdAt: toIso(createdAt),
  }))
}
