import { expect } from '@playwright/test'
import { newRegisterKey } from '../../cloud/access/registers/keys.ts'
import { hashSecret } from '../../cloud/access/secrets.ts'
import type { Sql } from '../../cloud/database/connect.ts'
import { newId } from '../../shared/id.ts'
import { DAY, toIso } from '../../shared/time.ts'
import type { Cloud } from './shop.ts'

interface Shop {
  sql: Sql
  storeName: string
  card: string
}

/** Another till of the store has sold this. */
export async function soldNextDoor(
  { sql, storeName, card }: Shop,
  cloud: Cloud,
  receipt: string,
  daysAgo = 0,
) {
  const key = newRegisterKey()
  await sql`
    insert into registers (store_id, name, key_hash)
    select id, ${`Касса ${key.slice(4, 8)}`}, ${hashSecret(key)} from stores where name = ${storeName}`
  const at = toIso(Date.now() - daysAgo * DAY)
  const sale = { id: newId(Date.now()), kind: 'earn', at, card, purchaseKopecks: 123_456, receipt }
  const reply = await fetch(new URL('/v1/operations', cloud.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ operations: [sale] }),
  })
  expect(reply.status).toBe(200)
}
