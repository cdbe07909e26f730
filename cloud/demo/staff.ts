import type { Role } from '../../shared/staff.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import { findPerson } from '../access/staff/accounts.ts'
import { openSession } from '../access/staff/sessions.ts'
import { askWithin } from '../acts/act.ts'
import { adjustPoints } from '../acts/customers.ts'
import { logChange, type Origin } from '../auditLog.ts'
import type { Sql } from '../database/connect.ts'
import { derivedId } from '../ledger/derivedId.ts'
import { DEMO } from './author.ts'

export const OWNER = 'demo'

/** The accounts of the demo, without passwords: the visitor is signed in as the owner. */
const staff: { name: string; role: Role }[] = [
  { name: OWNER, role: 'owner' },
  { name: 'marina', role: 'marketing' },
  { name: 'fedor', role: 'finance' },
  { name: 'sveta', role: 'support' },
  { name: 'igor', role: 'it' },
  { name: 'vera', role: 'auditor' },
]

export async function seedStaff(sql: Sql, now: Instant): Promise<void> {
  await sql.begin(async (sql) => {
    for (const { name, role } of staff) {
      const { count } = await sql`
        insert into staff (name, roles, created_at) values (${name}, ${[role]}, ${toIso(now)})
        on conflict (name) do nothing`
      const after = { roles: role }
      if (count > 0) await logChange(sql, { who: DEMO, action: 'staff add', subject: `staff ${name}`, after })
    }
  })
}

/** Something that waits for two others to decide. */
export async function proposeGift(sql: Sql, { card, now }: { card: string; now: Instant }): Promise<void> {
  const sveta = await findPerson(sql, 'sveta')
  if (!sveta) return
  const id = derivedId(now, `the gift of ${card}`)
  const gift = { card, points: 12_000, reason: 'Компенсация по жалобе № 118', id }
  const voucherKey = () => {
    throw new Error('a gift of points has no voucher')
  }
  const around = { who: sveta, now, botToken: null, voucherKey }
  await sql.begin((sql) => askWithin(sql, adjustPoints, gift, around))
}

/** Lets a visitor of the demo in as its owner; the second factor is the machine that it runs on. */
export async function signInOwner(sql: Sql, { from, now }: { from: Origin; now: Instant }): Promise<string> {
  return await sql.begin(async (sql) => {
    const token = await openSession(sql, { account: OWNER, isProven: true, from, now })
    await logChange(sql, { who: DEMO, from, action: 'staff sign-in', subject: `staff ${OWNER}` })
    return token
  })
}
