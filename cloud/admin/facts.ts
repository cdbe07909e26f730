import { z } from 'zod'
import { cardSchema } from '../../shared/card.ts'
import { type Instant, moment, toIso } from '../../shared/time.ts'
import { noCustomer } from '../acts/customers.ts'
import { flagInput } from '../acts/inputs.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { readAsOf } from '../feed/progress.ts'
import { type Checked, checkFacts, type Difference, rebuildFacts } from '../insight/facts/check.ts'
import { readFacts } from '../insight/facts/read.ts'
import { FACTS } from '../insight/facts/reader.ts'
import { type Command, command, type House } from './command.ts'
import { rubles, table } from './print.ts'

/** What the operations of a customer add up to. */
export async function showFacts({ sql, now }: House, { card }: { card: string }) {
  return await sql.begin('isolation level repeatable read read only', async (sql) => {
    const { id, status } = await findByCard(sql, card)
    const facts = await readFacts(sql, id, now)
    const [store] = await sql<{ name: string }[]>`select name from stores where id = ${facts.homeStoreId}`
    return {
      card,
      status,
      ...facts,
      homeStore: store?.name ?? null,
      firstPurchaseAt: isoOf(facts.firstPurchaseAt),
      lastPurchaseAt: isoOf(facts.lastPurchaseAt),
      asOf: isoOf(facts.asOf),
    }
  })
}

interface Rebuild {
  /** All customers where it is left out. */
  card?: string | undefined
  check: boolean
}

/** Makes facts anew from the ledger, or only compares them with it. */
export async function rebuildOrCheckFacts(house: House, { card, check }: Rebuild) {
  const { sql, timeZone, now } = house
  const customerIds = card === undefined ? undefined : [(await findByCard(sql, card)).id]
  const work = check ? checkFacts : rebuildFacts
  const checked = await work(sql, { timeZone, ...(customerIds && { customerIds }) })
  return { ...checked, isCheck: check, asOf: isoOf(await sql.begin((sql) => readAsOf(sql, FACTS, now))) }
}

async function findByCard(sql: Sql | Tx, card: string): Promise<{ id: number; status: string }> {
  const [row] = await sql<{ id: number; status: string }[]>`
    select id, status from customers where card = ${card}`
  if (row) return row
  throw noCustomer(card)
}

const isoOf = (at: Instant | null) => (at === null ? null : toIso(at))

function textOfFacts(facts: Awaited<ReturnType<typeof showFacts>>): string {
  const { card, status, purchases, netKopecks, averageReceiptKopecks, homeStore, months, asOf } = facts
  const { pointsEarned, pointsSpent, pointsExpired } = facts
  const parts = [
    `Card ${card}, ${status}; as of ${asOf === null ? 'never: the cloud has not made them yet' : `${moment(asOf)} UTC`}`,
    `${purchases} purchases, ${rubles(netKopecks)} ₽ in money, ${averageReceiptKopecks === null ? '—' : rubles(averageReceiptKopecks)} ₽ on average; ` +
      `first ${moment(facts.firstPurchaseAt)}, last ${moment(facts.lastPurchaseAt)}, mostly in ${homeStore ?? 'no store'}`,
    `points: ${pointsEarned} earned, ${pointsSpent} spent, ${pointsExpired} expired`,
  ]
  if (months.length > 0) {
    const rows = months.map(({ month, purchases, netKopecks }) => [month, purchases, rubles(netKopecks)])
    parts.push(table(['month', 'purchases', '₽'], rows))
  }
  return parts.join('\n\n')
}

function textOfRebuild(checked: Checked & { isCheck: boolean; asOf: string | null }): string {
  const { customers, unread, differing, differences, isCheck, asOf } = checked
  const parts = [
    `Customers whose facts were ${isCheck ? 'compared with the ledger' : 'made anew'}: ${customers - (isCheck ? unread : 0)}; ` +
      `those whose facts ${isCheck ? 'differ' : 'had differed'}: ${differing}.`,
  ]
  if (unread > 0)
    parts.push(
      `Not compared: ${unread}. The cloud has not come to their latest operations yet ` +
        `(${asOf === null ? 'it has them all to make' : `it is at ${moment(asOf)} UTC`}).`,
    )
  if (differences.length > 0) parts.push(table(['card', 'fact', 'kept', 'made'], differences.flatMap(rowsOf)))
  return parts.join('\n\n')
}

/** A row for each fact that is another one. */
function rowsOf({ card, kept, made }: Difference): string[][] {
  const names = Object.keys({ ...kept, ...made })
  return names.flatMap((name) => {
    const [before, after] = [kept, made].map((facts) => JSON.stringify(facts?.[name] ?? null))
    return before === after ? [] : [[card, name, before ?? '', after ?? '']]
  })
}

export const factsCommands: Record<string, Command> = {
  'facts show': command({
    usage: 'facts show --card <card>',
    input: z.strictObject({ card: cardSchema }),
    run: showFacts,
    text: textOfFacts,
  }),
  'facts rebuild': command({
    usage: 'facts rebuild [--card <card>] [--check]',
    input: z.strictObject({ card: cardSchema.optional(), check: flagInput }),
    run: rebuildOrCheckFacts,
    text: textOfRebuild,
    exitCode: ({ isCheck, differing }) => (isCheck && differing > 0 ? 1 : 0),
  }),
}
