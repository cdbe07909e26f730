import { bookAt } from '../shared/rules/book.ts'
import { earnedPoints, quote } from '../shared/rules/quote.ts'
import { MINUTE } from '../shared/time.ts'
import type { Evidence, Journalled, LedgerOperation, Till } from './evidence.ts'
import type { Promised, TakenDiscount } from './notes.ts'

export interface Finding {
  what: string
  /** How many cases were checked. */
  count: number
  violations: string[]
}

const checks: Record<string, (evidence: Evidence) => Omit<Finding, 'what'>> = {
  'the audit of the ledger finds nothing': ({ audit, customers }) => ({
    count: customers.length,
    violations: audit.map((violation) => JSON.stringify(violation)),
  }),

  'each register: rubles that 1C took = points and vouchers of applied holds': (evidence) => ({
    count: rublesOf(evidence.tills.flatMap(surelyTaken)),
    violations: evidence.tills.flatMap((till) => {
      const [taken, applied] = [rublesOf(surelyTaken(till)), rublesOf(appliedOf(evidence, till))]
      return taken === applied ? [] : [`${till.name}: 1C took ${taken}, the ledger spent ${applied}`]
    }),
  }),

  'each discount went into its own receipt, once': (evidence) => {
    const takes = evidence.tills.flatMap(surelyTaken)
    return { count: takes.length, violations: evidence.tills.flatMap((till) => unmatchedOf(evidence, till)) }
  },

  'a 1C that reads first and deletes later errs in favour of the customer': (evidence) => {
    const hits = evidence.tills.flatMap((till) => gapHits(till).map((taken) => ({ till, taken })))
    return {
      count: hits.length,
      // What the ledger spent for that receipt is at most what 1C gave.
      violations: hits.flatMap(({ till, taken }) => {
        const given = rublesOf(till.notes.taken.filter(({ receipt }) => receipt === taken.receipt))
        const spent = rublesOf(appliedOf(evidence, till).filter(({ receipt }) => receipt === taken.receipt))
        return spent > given ? [`${till.name}, receipt ${taken.receipt}: given ${given}, spent ${spent}`] : []
      }),
    }
  },

  'no hold is open or in doubt': ({ holds }) => ({
    count: holds.length,
    violations: holds
      .filter(({ state }) => !['applied', 'released', 'expired'].includes(state))
      .map(({ id, state }) => `${id} is ${state}`),
  }),

  'nothing in a journal waits, is open or is parked': ({ tills }) => ({
    count: tills.flatMap(({ journal }) => journal).length,
    violations: tills.flatMap(({ name, journal, open }) => [
      ...open.map((id) => `${name}: the redemption ${id} is open`),
      ...journal
        .filter((operation) => operation.state === 'queued' || isParkedForNoReason(operation, journal))
        .map(({ id, kind, state, refusal }) => `${name}: ${kind} ${id} is ${state} (${refusal})`),
    ]),
  }),

  'the journals and the ledger have the same operations with the same content': (evidence) => ({
    count: evidence.operations.length,
    violations: differencesOf(evidence),
  }),

  'each register: the ledger did its operations in the order of its journal': (evidence) => ({
    count: evidence.operations.length,
    violations: evidence.tills.flatMap((till) => overtaken(evidence, till)),
  }),

  'each balance is what was earned and taken at the tills': (evidence) => {
    const expected = expectedPoints(evidence)
    return {
      count: evidence.customers.length,
      violations: evidence.customers.flatMap(({ card, points }) =>
        points === expected.get(card) ? [] : [`card ${card} has ${points}, not ${expected.get(card)}`],
      ),
    }
  },

  'every discount in a folder was of the open receipt and of the agreed form': ({ tills }) => ({
    count: total(tills.map(({ notes }) => notes.happened.of('appeared'))),
    violations: tills.flatMap(({ name, notes }) => notes.wrong.map((wrong) => `${name}: ${wrong}`)),
  }),

  'a sale of 1C moves points once': (evidence) => {
    const counted = evidence.tills.flatMap((till) => [...salesOf(evidence, till)])
    return {
      count: counted.length,
      violations: counted.filter(([, ids]) => ids.length > 1).map(([sale, ids]) => `${sale}: ${ids}`),
    }
  },

  'a tap makes one operation': ({ tills }) => ({
    count: total(tills.flatMap(({ notes }) => Object.values(notes.taps))),
    violations: tills.flatMap(({ name, notes, journal }) =>
      (['earn', 'redeem', 'refund'] as const).flatMap((kind) => {
        const made = journal.filter((row) => row.kind === kind && row.state !== 'superseded').length
        const [taps, lost] = [notes.taps[kind] - notes.unwritten[kind].size, notes.lostTaps[kind]]
        return made >= taps && made <= taps + lost
          ? []
          : [`${name}: ${made} × ${kind} of ${taps} taps and ${lost} that a kill cut short`]
      }),
    ),
  }),

  'what the screen said is what happened': (evidence) => ({
    count: total(evidence.tills.map(({ notes }) => notes.shown.size)),
    violations: evidence.tills.flatMap((till) => untrueScreens(evidence, till)),
  }),

  'what the screen was sure that a sale would earn is what the ledger gave': (evidence) => {
    const { operations } = evidence
    const promises = evidence.tills.flatMap(({ name, notes }) =>
      [...notes.promised].map(([id, promised]) => ({ name, id, ...promised })),
    )
    const judged = new Map(operations.map((operation) => [operation.id, operation]))
    const ofCustomer = Map.groupBy(operations, ({ customerId }) => customerId)
    /** Whether the till could not know better when it promised. */
    function isExcused(is: LedgerOperation, { bookVersion, asOf }: Promised): boolean {
      // A book that has begun is told to a till with its next heartbeat.
      if (is.bookVersion !== bookVersion) return true
      // A till cannot know of a purchase that another one makes while it looks at its customer.
      const others = ofCustomer.get(is.customerId) ?? []
      return others.some(
        (other) => other.id !== is.id && other.turn <= is.turn && other.recordedAt >= asOf - MINUTE,
      )
    }
    const kept = promises.flatMap((promise) => {
      const is = judged.get(promise.id)
      const isKept = is?.status === 'accepted' && (is.earns === promise.earned || !isExcused(is, promise))
      return isKept ? [{ ...promise, earns: is.earns }] : []
    })
    return {
      count: kept.length,
      violations: kept.flatMap(({ name, id, earned, earns }) =>
        earns === earned ? [] : [`${name}: ${id} was to earn ${earned}, and earned ${earns}`],
      ),
    }
  },

  'no discrepancy is left to a person': ({ discrepancies, holds }) => ({
    count: holds.length,
    violations: discrepancies.map((discrepancy) => JSON.stringify(discrepancy)),
  }),

  'no register met a fault of its own': ({ tills }) => ({
    count: tills.length,
    violations: tills.flatMap(({ name, errors }) => errors.map((error) => `${name}: ${error}`)),
  }),
}

/** The invariants that must hold after every day, whatever happened on it. */
export function checkInvariants(evidence: Evidence): Finding[] {
  return Object.entries(checks).map(([what, check]) => ({ what, ...check(evidence) }))
}

export const gapHits = ({ notes }: Till): TakenDiscount[] => notes.taken.filter(({ gapHit }) => gapHit)
const surelyTaken = ({ notes }: Till): TakenDiscount[] => notes.taken.filter(({ gapHit }) => !gapHit)

const total = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0)
const rublesOf = (list: { rubles: number }[]) => total(list.map(({ rubles }) => rubles))

/** The redemptions of the journal whose hold the ledger has applied; points are the ledger's. */
function appliedOf({ holds }: Evidence, { registerId, journal }: Till) {
  const redeems = new Map(journal.map((operation) => [operation.id, operation]))
  return holds
    .filter((hold) => hold.registerId === registerId && hold.state === 'applied')
    .map(({ id, points, voucherKopecks }) => {
      const redeem = redeems.get(id)
      const { receipt = null, card = null, purchaseKopecks = 0, items = null, at = 0 } = redeem ?? {}
      const rubles = points + voucherKopecks / 100
      return { id, points, rubles, receipt, card, purchaseKopecks, items, at }
    })
}

function unmatchedOf(evidence: Evidence, till: Till): string[] {
  const keyOf = ({
    receipt,
    card,
    rubles,
  }: {
    receipt: string | null
    card: string | null
    rubles: number
  }) => `${rubles} rubles of ${rootOf(evidence, card)} for receipt ${receipt}`
  const taken = surelyTaken(till).map(keyOf)
  // A redemption without a discount, such as by a voucher of points, has nothing that 1C could take.
  const applied = appliedOf(evidence, till)
    .filter(({ rubles }) => rubles > 0)
    .map(keyOf)
  return [
    ...without(taken, applied).map((key) => `${till.name}: taken, not applied: ${key}`),
    ...without(applied, taken).map((key) => `${till.name}: applied, not taken: ${key}`),
  ]
}

/** The first list without one equal item for each item of the second. */
function without(list: string[], others: string[]): string[] {
  const left = [...list]
  for (const other of others) {
    const index = left.indexOf(other)
    if (index >= 0) left.splice(index, 1)
  }
  return left
}

/**
 * Whether an operation is parked without a good reason. An unknown card is one, and so it is for the undo of an operation
 * on it: a person must look whose card it is.
 */
function isParkedForNoReason({ state, refusal, reference }: Journalled, journal: Journalled[]): boolean {
  if (state !== 'parked') return false
  // Two cards cannot be merged while one of them has held points at a till that was away.
  if (refusal === 'customer_not_found' || refusal === 'cannot_merge') return false
  const original = journal.find(({ id }) => id === reference)
  return !(refusal === 'original_not_found' && original?.refusal === 'customer_not_found')
}

/** Nobody wants an earning any more that was undone before the ledger refused it, nor its undo. */
function isGivenUp({ id, kind, reference }: Journalled, journal: Journalled[]): boolean {
  const saleId = kind === 'refund' ? reference : id
  const sale = journal.find((operation) => operation.id === saleId)
  const undo = journal.find((operation) => operation.kind === 'refund' && operation.reference === saleId)
  if (sale?.kind !== 'earn') return false
  return sale.state === 'refused' && undo?.state === 'refused' && undo.refusal === 'original_not_found'
}

function differencesOf({ tills, operations }: Evidence): string[] {
  const ledger = new Map(operations.map((operation) => [operation.id, operation]))
  const known = new Set<string>()
  const missing = tills.flatMap(({ name, journal }) =>
    journal.flatMap(({ id, kind, state, content }) => {
      known.add(id)
      const there = ledger.get(id)
      if ((there?.status === 'accepted') !== (state === 'accepted'))
        return [
          `${name}: ${kind} ${id} is ${state} in the journal, ${there?.status ?? 'unknown'} in the ledger`,
        ]
      return there && there.content !== content
        ? [`${name}: ${kind} ${id} has other content in the ledger`]
        : []
    }),
  )
  const twice = operations.length === ledger.size ? [] : ['an id is in the ledger twice']
  const unknown = operations.filter(({ id }) => !known.has(id)).map(({ id }) => `${id} is in no journal`)
  return [...missing, ...twice, ...unknown]
}

function overtaken({ operations }: Evidence, { name, journal }: Till): string[] {
  const turns = new Map(operations.map(({ id, turn }) => [id, turn]))
  let latest = 0
  return journal.flatMap(({ id, kind, state }) => {
    const turn = state === 'accepted' ? (turns.get(id) ?? latest) : latest
    const isOvertaken = turn < latest
    latest = Math.max(latest, turn)
    return isOvertaken ? [`${name}: ${kind} ${id} was overtaken by what was journalled after it`] : []
  })
}

/** The card of the customer for whom a card stands in the evening. */
const rootOf = ({ mergedInto }: Evidence, card: string | null) =>
  card === null ? null : (mergedInto.get(card) ?? card)

type Purchased = Pick<Journalled, 'id' | 'at' | 'purchaseKopecks' | 'items' | 'points'>

function expectedPoints(evidence: Evidence): Map<string, number> {
  const expected = new Map<string, number>()
  const add = (card: string | null, points: number) => {
    const root = rootOf(evidence, card)
    if (root !== null) expected.set(root, (expected.get(root) ?? 0) + points)
  }
  for (const [card, points] of evidence.morning) add(card, points)
  for (const [card, points] of evidence.expired ?? []) add(card, -points)
  for (const [card, points] of evidence.given ?? []) add(card, points)
  const judged = new Map(evidence.operations.map((operation) => [operation.id, operation]))
  const holds = new Map(evidence.holds.map((hold) => [hold.id, hold]))
  const codes = new Map(evidence.codes.map((code) => [code.code, code]))
  const earned = ({ id, at, purchaseKopecks, items, points }: Purchased) => {
    const { storeId = null, facts } = judged.get(id) ?? {}
    const { voucherKopecks = 0, voucher = null } = holds.get(id) ?? {}
    const { gives } = codes.get(voucher ?? '')?.terms ?? {}
    // Points of a voucher are no rule's: they are for a purchase that is paid for at all.
    const paid = purchaseKopecks - points * 100 - voucherKopecks
    const beside = gives?.type === 'points' && paid > 0 ? gives.points : 0
    return (
      beside +
      earnedPoints(
        quote(
          bookAt(evidence.books, at),
          { kopecks: purchaseKopecks, at, storeId, ...(items && { items }) },
          { points, voucherKopecks },
          facts ?? {},
        ),
      )
    )
  }

  for (const till of evidence.tills) {
    const byId = new Map(till.journal.map((operation) => [operation.id, operation]))
    for (const { card, rubles } of surelyTaken(till)) add(card, -rubles)
    for (const applied of appliedOf(evidence, till)) {
      const { card, rubles, points } = applied
      add(card, earned(applied) + rubles - points)
    }
    for (const operation of till.journal) {
      const { kind, state, card, reference } = operation
      if (state !== 'accepted') continue
      if (kind === 'earn') add(card, earned(operation))
      const original = kind === 'refund' && byId.get(reference ?? '')
      if (original) add(original.card, original.points - earned(original))
    }
  }
  return expected
}

/** The sales that were not undone, by receipt; another amount in amount.json is another sale. */
function salesOf(evidence: Evidence, till: Till): Map<string, string[]> {
  const undone = new Set(till.journal.filter(isAccepted('refund')).map(({ reference }) => reference))
  const sales = [...till.journal.filter(isAccepted('earn')), ...appliedOf(evidence, till)]
  const found = new Map<string, string[]>()
  for (const { id, receipt, purchaseKopecks } of sales) {
    if (receipt === null || undone.has(id)) continue
    const key = `${receipt} over ${purchaseKopecks}`
    found.set(key, [...(found.get(key) ?? []), id])
  }
  return found
}

const isAccepted = (kind: Journalled['kind']) => (operation: Journalled) =>
  operation.kind === kind && operation.state === 'accepted'

function untrueScreens(evidence: Evidence, till: Till): string[] {
  const journal = new Map(till.journal.map((operation) => [operation.id, operation]))
  const applied = new Set(appliedOf(evidence, till).map(({ id }) => id))
  return [...till.notes.shown].flatMap(([id, act]) => {
    const operation = journal.get(id)
    const isDone = act.kind === 'redeem' ? applied.has(id) : operation?.state === 'accepted'
    const isExcused =
      operation &&
      (isGivenUp(operation, till.journal) ||
        (operation.state === 'parked' && !isParkedForNoReason(operation, till.journal)))
    if (act.type === 'success' && !isDone && !isExcused)
      return [`${till.name}: ${act.kind} ${id} was shown as done and is ${operation?.state ?? 'unknown'}`]
    if (act.type === 'error' && isDone && act.fate !== 'held')
      return [`${till.name}: ${act.kind} ${id} was shown as ${act.code}, ${act.fate}, and is done`]
    return []
  })
}
