import { discountRubles } from '../../../shared/money.ts'
import type { Clock } from '../time/clock.ts'
import type { Journal } from './open.ts'
import type { Settled } from './settlement.ts'

/**
 * asked: committed, the ledger may or may not have it. held: the ledger holds the points. prepared: the
 * discount lies on the disk under a name of ours. published: under the name 1C looks for. taken, withdrawn:
 * decided, and its apply or release is in the outbox. reported: the ledger has answered that too.
 */
type RedemptionStep = 'asked' | 'held' | 'prepared' | 'published' | 'taken' | 'withdrawn' | 'reported'
type Verdict = 'taken' | 'withdrawn' | 'refused'

export interface Redemption {
  id: string
  step: RedemptionStep
  verdict: Verdict | null
  /** Whole rubles that 1C is given: the points and, once the ledger has said it, what the voucher takes off. */
  rubles: number
  receipt: string | null
  protocol: 1 | 2
}

/** Whether its discount lies in the folder, or did until 1C took it. */
export const isInFolder = ({ step }: Redemption) => step === 'prepared' || step === 'published'

/** The steps of every redemption: with the folder they tell, after any crash, what became of the discount. */
export function openRedemptions(journal: Journal, clock: Clock) {
  // The column was named before there were vouchers. Another name would be a step of the journal that an older version,
  // to which a register may have to go back, does not open.
  const columns = 'id, step, verdict, points as rubles, receipt, protocol'
  const insert = journal.prepare(`
    insert into redemptions (id, step, points, receipt, protocol, changed_at)
    values (@id, 'asked', @points, @receipt, @protocol, @now)`)
  const find = journal.prepare<[string], Redemption>(`select ${columns} from redemptions where id = ?`)
  const open = journal.prepare<[], Redemption>(`
    select ${columns} from redemptions where step <> 'reported' order by id`)
  const underWay = journal
    .prepare<[string], number>(`
      select exists (select 1 from redemptions where step <> 'reported'
        and not (verdict is null and id in (select value from json_each(?))) and not exists (
        select 1 from operations
        where reference = redemptions.id and kind in ('apply', 'release') and state in ('parked', 'handed_over')))`)
    .pluck()
  const move = journal.prepare('update redemptions set step = @step, changed_at = @now where id = @id')
  const add = journal.prepare('update redemptions set points = points + @rubles where id = @id')
  const judge = journal.prepare(`
    update redemptions set step = @step, verdict = @verdict, changed_at = @now where id = @id and verdict is null`)

  return {
    find: (id: string): Redemption | undefined => find.get(id),
    open: (): Redemption[] => open.all(),
    /** A redemption that only a person or another folder can settle is not under way: it can wait without this program. */
    isAnyUnderWay: (elsewhere: string[] = []): boolean => underWay.get(JSON.stringify(elsewhere)) === 1,

    ask(
      { id, points, receipt }: { id: string; points: number; receipt?: string | undefined },
      protocol: 1 | 2,
    ) {
      insert.run({ id, points, receipt: receipt ?? null, protocol, now: clock.now() })
    },

    /** The ledger's answer to the redemption itself; one that was given up before it came stays withdrawn. */
    answered(id: string, state: Settled, voucherKopecks = 0) {
      if (state === 'accepted') {
        add.run({ id, rubles: discountRubles({ points: 0, voucherKopecks }) })
        if (find.get(id)?.step === 'asked') move.run({ id, step: 'held', now: clock.now() })
      } else {
        judge.run({ id, step: 'reported', verdict: 'refused', now: clock.now() })
      }
    },

    advance(id: string, step: 'prepared' | 'published') {
      move.run({ id, step, now: clock.now() })
    },

    /** False where there was a verdict before: the first one stands. */
    decide(id: string, verdict: 'taken' | 'withdrawn'): boolean {
      return judge.run({ id, step: verdict, verdict, now: clock.now() }).changes > 0
    },

    reported(id: string) {
      move.run({ id, step: 'reported', now: clock.now() })
    },
  }
}
