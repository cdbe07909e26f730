import type { Logger } from 'pino'
import { type Instant, MINUTE, SECOND, toIso } from '../../../shared/time.ts'
import type { Sql } from '../../database/connect.ts'

export const SLOT_MS = 10 * MINUTE
const SAVED_AFTER_MS = 5 * SECOND
/** No till comes near; above it every look-up counts as one of another card. */
const MOST_CARDS = 10_000

interface Lookup {
  registerId: number
  card: string
  isMissed: boolean
  now: Instant
}

interface Count {
  registerId: number
  slot: Instant
  cards: Set<string>
  missed: Set<string>
  /** What the database has not been told yet. */
  unsaved: { cards: number; missed: number }
}

/**
 * How many different cards each register looks up, by ten minutes. A look-up only reads, so it is counted in this
 * process, and a moment later the numbers, never the cards, are added to what other processes have counted: a
 * card that was asked of two processes counts twice, and a process that dies takes a few seconds with it.
 */
export function createLookupCounts({ sql, log }: { sql: Sql; log: Logger }) {
  let counts = new Map<string, Count>()
  let timer: NodeJS.Timeout | null = null
  let saving: Promise<void> = Promise.resolve()

  function note({ registerId, card, isMissed, now }: Lookup): void {
    const count = countOf(registerId, now - (now % SLOT_MS))
    count.unsaved.cards += add(count.cards, card)
    if (isMissed) count.unsaved.missed += add(count.missed, card)
    timer ??= setTimeout(save, SAVED_AFTER_MS).unref()
  }

  function countOf(registerId: number, slot: Instant): Count {
    const key = `${registerId} ${slot}`
    const known = counts.get(key)
    if (known) return known
    const count = {
      registerId,
      slot,
      cards: new Set<string>(),
      missed: new Set<string>(),
      unsaved: nothing(),
    }
    counts.set(key, count)
    return count
  }

  function save(): Promise<void> {
    if (timer) clearTimeout(timer)
    timer = null
    saving = saving.then(saveOnce)
    return saving
  }

  async function saveOnce(): Promise<void> {
    const due = [...counts.values()].filter(({ unsaved }) => unsaved.cards + unsaved.missed > 0)
    const told = due.map((count) => ({ ...count, ...count.unsaved }))
    for (const count of due) count.unsaved = nothing()
    try {
      if (told.length > 0) await addCounts(sql, told)
    } catch (error) {
      for (const [index, count] of due.entries()) {
        count.unsaved.cards += told[index]?.cards ?? 0
        count.unsaved.missed += told[index]?.missed ?? 0
      }
      log.warn(
        { problem: (error as Error).message },
        'the look-ups were not counted; they are with the next ones',
      )
    }
    forgetOld()
  }

  /** Only the latest slot of a register goes on. */
  function forgetOld(): void {
    const latest = Math.max(...[...counts.values()].map(({ slot }) => slot))
    counts = new Map([...counts].filter(([, { slot, unsaved }]) => slot === latest || unsaved.cards > 0))
  }

  return {
    note,
    save,
    /** Saves what is left; nothing is saved after it. */
    async stop(): Promise<void> {
      await save()
    },
  }
}

export type LookupCounts = ReturnType<typeof createLookupCounts>

const nothing = () => ({ cards: 0, missed: 0 })

/** 1 where the card is another one. */
function add(cards: Set<string>, card: string): 0 | 1 {
  if (cards.has(card)) return 0
  if (cards.size < MOST_CARDS) cards.add(card)
  return 1
}

/** In the order of the key, so that two processes do not wait for each other in a circle. */
async function addCounts(
  sql: Sql,
  counts: { registerId: number; slot: Instant; cards: number; missed: number }[],
): Promise<void> {
  const rows = counts.toSorted((a, b) => a.registerId - b.registerId || a.slot - b.slot)
  await sql`
    insert into lookup_counts (register_id, slot, cards, missed)
    select * from unnest(
      ${rows.map((row) => row.registerId)}::int[],
      ${rows.map((row) => row.slot)}::timestamptz[],
      ${rows.map((row) => row.cards)}::int[],
      ${rows.map((row) => row.missed)}::int[])
    on conflict (register_id, slot) do update
    set cards = lookup_counts.cards + excluded.cards, missed = lookup_counts.missed + excluded.missed`
}

export async function forgetOldLookups(sql: Sql, before: Instant): Promise<void> {
  await sql`delete from lookup_counts where slot < ${toIso(before)}`
}
