import { isDeepStrictEqual } from 'node:util'
import { errorBody } from '../../cloud/http/errors.ts'
import type { Account } from '../../cloud/ledger/account.ts'
import { judge } from '../../cloud/ledger/judge.ts'
import { createMemoryLedger } from '../../cloud/ledger/memory.ts'
import type { unmergeAccounts } from '../../cloud/ledger/merge.ts'
import { FIRST_PROGRAMME } from '../../cloud/ledger/programme.ts'
import type { Request } from '../../cloud/ledger/request.ts'
import { createOracle } from '../../cloud/ledger/testing/oracle.ts'
import { documentOf, type Terms } from '../../cloud/ledger/testing/terms.ts'
import type { judge as judgeInvitation } from '../../cloud/referrals/judge.ts'
import type { Carried } from '../../desktop/register/rig/network.ts'
import type { Outcome } from '../../shared/operation.ts'
import { settingsSchema } from '../../shared/programme.ts'
import { type Book, bookAt } from '../../shared/rules/book.ts'
import type { ReferralTerms } from '../../shared/rules/referral.ts'
import { voucherTermsSchema } from '../../shared/rules/voucher.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Code } from '../codes.ts'
import type { LedgerHold } from '../evidence.ts'
import { createChanges } from './changes.ts'
import { createReferralKeeper } from './referrals.ts'
import { type CloudAnswer, createRoutes, type VirtualRegister } from './routes.ts'
import { createStatusKeeper } from './statuses.ts'
import { createToday } from './today.ts'

export interface VirtualCloudOptions {
  now: () => Instant
  cards: string[]
  /** The cards that are in Telegram. */
  phones: ReadonlySet<string>
  registers: VirtualRegister[]
  terms: Terms
  /** The terms for invited friends. */
  referral?: ReferralTerms
  newId: () => string
  timeZone: string
  supportContact: string
  joinUrl: string
  /** Judges operations: the ledger's own function, except where a test plants a bug. */
  judgeBy?: typeof judge
  /** Undoes merges, and judges invitations, with the same exception. */
  partBy?: typeof unmergeAccounts
  judgeInvitationBy?: typeof judgeInvitation
}

export type VirtualCloud = ReturnType<typeof createVirtualCloud>

/**
 * The cloud without a database: the ledger's own judgement behind the contract of the routes. Whatever it answers is
 * held against the oracle at once, so that a wrong answer is found where it was given.
 */
export function createVirtualCloud(options: VirtualCloudOptions) {
  const { now, cards, phones, registers, timeZone, judgeBy = judge } = options
  const settings = settingsSchema.parse({})
  const bookOf = (
    terms: Terms,
    { referral, ...of }: Pick<Book, 'version' | 'validFrom'> & { referral: ReferralTerms | undefined },
  ): Book => ({ ...documentOf(terms), ...of, timeZone, ...(referral && { referral }) })
  const firstBook = bookOf(options.terms, { version: 1, validFrom: 0, referral: options.referral })
  const registeredAt = now()
  const today = createToday(cardOfCustomer)
  const ledger = createMemoryLedger({
    settings,
    books: new Map([[FIRST_PROGRAMME, [firstBook]]]),
    ...(options.partBy && { partBy: options.partBy }),
    judgeBy(requests, loaded) {
      const judged = judgeBy(requests, loaded)
      today.note(judged, now())
      for (const posting of judged.postings) {
        const card = cardOfCustomer(posting.operation.customerId)
        statuses.note(card, posting)
        referrals.note(card, posting)
        if (!posting.merged) continue
        const given = cardOfCustomer(posting.merged.customerId)
        for (const keeper of [statuses, referrals]) keeper.regroup([card])
        changes.merge(given, card)
      }
      return judged
    },
  })
  const oracle = createOracle(
    cards.map((card) => ({
      ...{ card, programme: FIRST_PROGRAMME, registeredAt, isInTelegram: phones.has(card) },
    })),
    { maxOpenHolds: settings.max_open_holds },
  )
  oracle.publish(FIRST_PROGRAMME, options.terms, 0)
  for (const card of cards) ledger.addCustomer({ programmeId: FIRST_PROGRAMME, card }, 'Анна', registeredAt)
  for (const card of phones) ledger.enterTelegram(card)
  const statuses = createStatusKeeper({
    ledger,
    tell: (card, status, from) => oracle.setStatus(card, status, from),
  })
  const referrals = createReferralKeeper({
    ...{ ledger, post, rootOf, registeredAt, timeZone },
    ...(options.judgeInvitationBy && { judgeBy: options.judgeInvitationBy }),
  })
  const byKey = new Map(registers.map((register) => [`Bearer ${register.key}`, register]))
  const wrong: string[] = []
  const changes = createChanges()
  let settingsVersion = 1
  const handedOver = new Set<string>()
  let lastVoucher = 0

  /** Posts in order, and compares each outcome with the specification. */
  function post(requests: Request[]): Outcome[] {
    const at = now()
    const outcomes = ledger.post(requests, at)
    for (const [index, request] of requests.entries()) {
      const outcome = outcomes[index]
      const answer = oracle.ask(request, at)
      if (!contains(outcome, answer))
        wrong.push(
          `${JSON.stringify(request)} at ${toIso(at)}: ${JSON.stringify(outcome)}, not ${JSON.stringify(answer)}`,
        )
      if (outcome?.status === 'accepted' && !outcome.replay)
        changes.note(
          outcome.customer.card,
          request.author.type === 'register' ? request.author.storeId : null,
        )
    }
    return outcomes
  }

  const bookNow = () => bookAt(ledger.books(FIRST_PROGRAMME), now())
  const cardOf = (id: string) => cardOfCustomer(ledger.executed(id)?.customerId ?? 0)
  function cardOfCustomer(customerId: number): string {
    return cards[customerId - 1] ?? ''
  }
  /** The card of the customer for whom a card stands by now. */
  function rootOf(card: string): string {
    return ledger.account(card)?.card ?? card
  }

  const routes = createRoutes({
    ...options,
    ...{ ledger, statuses, changes, post, cardOf, handedOver, settingsVersion: () => settingsVersion },
  })

  /** Of what an account keeps of itself, and against the specification. */
  const auditOf = (accounts: Account[]) =>
    accounts.flatMap(({ customerId, card: reference, balance, debt, lots }) => {
      const inLots = [...lots.values()].reduce((total, { remaining }) => total + remaining, 0)
      const [is, should] = [ledger.view(reference, now()), oracle.view(reference, now())]
      const isSound = inLots === balance && (debt === 0 || balance === 0) && contains(is, should)
      const details = { balance, debt, inLots, is, should }
      return isSound ? [] : [{ query: 'accounts', customerId, reference, details }]
    })

  const auditOfVouchers = () =>
    ledger.vouchers().flatMap(({ hash: reference, held, used }) => {
      const [is, should] = [{ held, used }, oracle.voucher(reference)]
      const details = { is, should }
      return contains(is, should) ? [] : [{ query: 'vouchers', customerId: null, reference, details }]
    })

  return {
    ledger,
    wrong,
    handedOver,
    post,
    rootOf,

    serve(request: Carried): CloudAnswer {
      const register = byKey.get(request.authorization ?? '')
      if (!register)
        return { status: 401, body: errorBody('unauthorized', 'A valid register key is required.') }
      const route = routes[`${request.method} ${request.url.pathname}`]
      if (!route) return { status: 404, body: errorBody('not_found', 'There is nothing at this address.') }
      return route(register, request)
    },

    publish(terms: Terms, from: Instant, referral?: ReferralTerms): void {
      settingsVersion += 1
      ledger.publish(FIRST_PROGRAMME, bookOf(terms, { version: settingsVersion, validFrom: from, referral }))
      oracle.publish(FIRST_PROGRAMME, terms, from)
    },

    setSegments(card: string, names: string[]): void {
      ledger.setSegments(card, names)
      oracle.setSegments(card, names)
    },

    /** Codes are kept unhashed here: a cloud in memory cannot be stolen. */
    addCodes(codes: readonly Code[]): void {
      for (const { code: hash, batch, owner, terms } of codes) {
        const id = ++lastVoucher
        ledger.addVoucher({
          ...{
            id,
            batchId: batch,
            programmeId: FIRST_PROGRAMME,
            hash,
            terms: voucherTermsSchema.parse(terms),
          },
          ownerId: owner === null ? null : (ledger.account(owner)?.customerId ?? 0),
          ...{ isVoid: false, held: 0, used: 0 },
        })
        oracle.addVoucher({ hash, batch, programme: FIRST_PROGRAMME, owner, terms })
      }
    },
    forgetCodes(codes: readonly Code[]): void {
      for (const { code } of codes) {
        ledger.forgetVoucher(code)
        oracle.forgetVoucher(code)
      }
    },

    invite: (referrer: string, referee: string) => referrals.invite(referrer, referee, now()),
    /** As the job of invitations does it every few seconds. */
    followReferrals: () => referrals.follow(now()),
    /** A person looks at the invitations that were flagged. */
    decideReferrals: (isHonest: () => boolean) => referrals.decide(isHonest, now()),

    /** Staff undo the merge of a card; answers for which card it had stood, null where it was not merged. */
    part(card: string): string | null {
      const from = rootOf(card)
      const view = ledger.unmerge(card, now())
      const should = oracle.part(card, now())
      if (!contains(view, should))
        wrong.push(`${card} is parted from ${from}: ${JSON.stringify(view)}, not ${JSON.stringify(should)}`)
      if (!view) return null
      for (const keeper of [statuses, referrals]) keeper.regroup([card, from])
      changes.part([from, ...ledger.cardsOf(card)])
      return from
    },

    /** Raises customers who have reached a status, as the reader of the feed does every few seconds. */
    followStatuses: () => statuses.follow(bookNow(), now()),

    sweep(): void {
      for (const id of ledger.sweep(now())) {
        today.wasInDoubt.add(id)
        const redemption = oracle.redemption(id)
        if (redemption) redemption.state = 'in_doubt'
      }
    },

    /** Writes off what is dead of these customers, as the job of the night does. */
    expire(of: readonly string[]): void {
      for (const card of of)
        post([
          {
            kind: 'expire',
            id: options.newId(),
            at: now(),
            card,
            author: { type: 'system', name: 'expire' },
          },
        ])
    },

    /** The state of the ledger for the evidence of the day, and its audit. */
    evidence() {
      const holds = [...today.holds].flatMap((id): LedgerHold[] => {
        const hold = ledger.account(cardOf(id))?.holds.get(id)
        if (!hold) return []
        const { registerId, state, points, voucherKopecks, voucherId } = hold
        const voucher = ledger.voucher(voucherId ?? 0)?.hash ?? null
        const wasInDoubt = today.wasInDoubt.has(id)
        return [{ id, registerId, state, points, voucherKopecks, voucher, wasInDoubt }]
      })
      const accounts = [...ledger.accounts()]
      return {
        operations: [...today.operations],
        holds,
        customers: accounts.map(({ card, balance, debt }) => ({ card, points: balance - debt })),
        mergedInto: new Map(cards.map((card) => [card, rootOf(card)])),
        discrepancies: ledger.discrepancies().map(({ kind, reference }) => ({ kind, reference })),
        expired: new Map(today.expired),
        given: new Map(today.given),
        invitations: referrals.invitations,
        at: now(),
        books: [...ledger.books(FIRST_PROGRAMME)],
        vouchers: ledger.vouchers().map(({ hash: code, held, used }) => ({ code, held, used })),
        audit: [...auditOfVouchers(), ...auditOf(accounts)],
      }
    },

    /** A new day: forgets what no operation can name any more. */
    beginDay(before: Instant): void {
      today.clear()
      referrals.forget(before)
      ledger.forget(before)
      oracle.forget(before)
    },
  }
}

/** Whether the first value has all that the second one has. */
function contains(actual: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return Object.is(actual, expected)
  if (typeof actual !== 'object' || actual === null) return false
  if (Array.isArray(expected)) return isDeepStrictEqual(actual, expected)
  return Object.entries(expected).every(([key, value]) =>
    contains((actual as Record<string, unknown>)[key], value),
  )
}
