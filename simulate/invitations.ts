import type { Sql } from '../cloud/database/connect.ts'
import { publishBook } from '../cloud/ledger/books.ts'
import { FIRST_PROGRAMME } from '../cloud/ledger/programme.ts'
import { codeOf } from '../cloud/referrals/codes.ts'
import { arrive } from '../cloud/referrals/invite.ts'
import type { Random } from '../desktop/register/rig/random.ts'
import { bookDocumentSchema } from '../shared/rules/book.ts'
import type { ReferralTerms } from '../shared/rules/referral.ts'
import { cardOf, drawCustomer } from './plan.ts'
import type { Invitation } from './virtual/referrals.ts'

/** A simulated day has no time to wait for returns: friends are rewarded at once, and gifts are taken back after a return. */
export const referralTerms: ReferralTerms = {
  ...{ referrer_points: 200, referee_points: 100, min_purchase_kopecks: 50_000, wait_days: 0, per_month: 3 },
}

/** Publishes terms for invitations, and has some customers come by the links of others. */
export async function inviteFriends(
  sql: Sql,
  random: Random,
  { customers }: { customers: number },
): Promise<void> {
  const now = Date.now()
  await sql.begin(async (sql) => {
    const document = bookDocumentSchema.parse({ referral: referralTerms })
    const publication = { document, validFrom: now, now, by: 'admin:simulate', reason: 'the morning' }
    await publishBook(sql, { programmeId: FIRST_PROGRAMME, ...publication })
    const ids = new Map(
      (await sql<{ card: string; id: number }[]>`select card, id from customers`).map(({ card, id }) => [
        card,
        id,
      ]),
    )
    for (let customer = 1; customer <= customers; customer += 1) {
      if (!random.chance(0.2)) continue
      const [referrerId, customerId] = [drawCustomer(random, customers), customer].map(
        (number) => ids.get(cardOf(number)) ?? 0,
      )
      if (!referrerId || !customerId || referrerId === customerId) continue
      const code = await codeOf(sql, referrerId)
      await arrive(sql, { code, programmeId: FIRST_PROGRAMME, customerId, wasCustomer: false, now })
    }
  })
}

type Row = Omit<Invitation, 'given'> & { referrerHas: number; refereeHas: number }

/** The invitations with their present state; `given` are the points of both, less those taken back. */
export async function readInvitations(sql: Sql): Promise<Invitation[]> {
  const has = (side: 'referrer' | 'referee') => sql`(
    select coalesce(sum(points), 0)::int from operations
    where id in (${sql(`${side}_gift`)}, ${sql(`${side}_taking`)}) and status = 'accepted')`
  const rows = await sql<Row[]>`
    select above.card as referrer, below.card as referee, invited_at as "invitedAt", state, reason,
      is_released as "isReleased", purchase_id as "purchaseId", rewarded_at as "rewardedAt",
      ${has('referrer')} as "referrerHas", ${has('referee')} as "refereeHas"
    from referrals join customers above on above.id = referrer_id join customers below on below.id = referee_id`
  return rows.map(({ referrerHas, refereeHas, ...row }) => ({
    ...row,
    given: { referrer: referrerHas, referee: refereeHas },
  }))
}
