import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import { errorBody } from '../../cloud/http/errors.ts'
import { type Account, authorOf, type Executed } from '../../cloud/ledger/account.ts'
import { judge } from '../../cloud/ledger/judge.ts'
import { createMemoryLedger } from '../../cloud/ledger/memory.ts'
import { FIRST_PROGRAMME, programmeAt } from '../../cloud/ledger/programme.ts'
import { type Request, requestOf } from '../../cloud/ledger/request.ts'
import { statusOf } from '../../cloud/ledger/routes/refusals.ts'
import { carriedSegments } from '../../cloud/ledger/segments.ts'
import { createOracle } from '../../cloud/ledger/testing/oracle.ts'
import { documentOf, type Terms } from '../../cloud/ledger/testing/terms.ts'
import type { judge as judgeInvitation } from '../../cloud/referrals/judge.ts'
import { whyNotHere } from '../../cloud/vouchers/shown.ts'
import type { Carried } from '../../desktop/register/rig/network.ts'
import {
  type CustomerCounts,
  changesQuerySchema,
  type changesReplySchema,
  customerQuerySchema,
  diagnosticsRequestSchema,
  handOverRequestSchema,
  heartbeatSchema,
  operationFields,
  operationsRequestSchema,
  voucherQuerySchema,
} from '../../shared/api.ts'
import { cardOfCode } from '../../shared/cardText.ts'
import { type Outcome, operationSchema } from '../../shared/operation.ts'
import { settingsSchema } from '../../shared/programme.ts'
import { refusalMessages } from '../../shared/refusal.ts'
import { type Book, bookAt } from '../../shared/rules/book.ts'
import { asksOfCustomer, IN_ALL, lastUntilTheEndOfDay, questionsOf } from '../../shared/rules/facts.ts'
import { localDayOf } from '../../shared/rules/localTime.ts'
import { earnedPoints } from '../../shared/rules/quote.ts'
import type { ReferralTerms } from '../../shared/rules/referral.ts'
import { voucherTermsSchema } from '../../shared/rules/voucher.ts'
import { type Instant, MINUTE, toIso } from '../../shared/time.ts'
import { readVoucherCode } from '../../shared/voucherCode.ts'
import type { Code } from '../codes.ts'
import type { LedgerHold, LedgerOperation } from '../evidence.ts'
import { createReferralKeeper } from './referrals.ts'
import { createStatusKeeper } from './statuses.ts'

export interface CloudAnswer {
  status: number
  body: unknown
}

export interface VirtualRegister {
  id: number
  key: string
  store: { id: number; name: string }
}

export interface VirtualCloudOptions {
  now: () => Instant
  cards: string[]
  /** Those of them that somebody has in Telegram. */
  phones: ReadonlySet<string>
  registers: VirtualRegister[]
  terms: Terms
  /** What friends bring who are invited. */
  referral?: ReferralTerms
  newId: () => string
  timeZone: string
  supportContact: string
  joinUrl: string
  /** What judges: the ledger's own, but where a test plants a bug. */
  judgeBy?: typeof judge
  /** What judges invitations, likewise. */
  judgeInvitationBy?: typeof judgeInvitation
}

export type VirtualCloud = ReturnType<typeof createVirtualCloud>

/**
 * The cloud without a database: the ledger's own judgement behind the contract of the routes. Whatever it answers is
 * held against the oracle at once, so that a wrong answer is found where it was given.
 */
export function createVirtualCloud(options: VirtualCloudOptions) {
  const { now, cards, phones, registers, timeZone, supportContact, joinUrl, judgeBy = judge } = options
  const settings = settingsSchema.parse({})
  const bookOf = (
    terms: Terms,
    { referral, ...of }: Pick<Book, 'version' | 'validFrom'> & { referral: ReferralTerms | undefined },
  ): Book => ({ ...documentOf(terms), ...of, timeZone, ...(referral && { referral }) })
  const firstBook = bookOf(options.terms, { version: 1, validFrom: 0, referral: options.referral })
  const registeredAt = now()
  const today = createToday()
  const ledger = createMemoryLedger({
    settings,
    books: new Map([[FIRST_PROGRAMME, [firstBook]]]),
    judgeBy(requests, loaded) {
      const judged = judgeBy(requests, loaded)
      today.note(judged, now())
      for (const posting of judged.postings) {
        const card = cardOfCustomer(posting.operation.customerId)
        statuses.note(card, posting)
        referrals.note(card, posting)
        if (!posting.merged) continue
        const given = cardOfCustomer(posting.merged.customerId)
        statuses.merge(given, card)
        referrals.merge(given, card)
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

  /** In order, each held against the specification. */
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

  const routes: Record<string, (register: VirtualRegister, request: Carried) => CloudAnswer> = {
    'GET /v1/register'(register) {
      const books = [...ledger.books(FIRST_PROGRAMME)]
      const rules = { settings, books, timeZone, frozenAt: null, version: settingsVersion }
      const body = {
        store: register.store,
        register: { id: register.id, name: `Касса ${register.id}`, channel: 'stable' },
        programme: programmeAt(rules, now()),
        books: booksFrom(books, now()).map(({ version, validFrom, timeZone: _, ...document }) => ({
          ...{ version, validFrom: toIso(validFrom), document },
        })),
        settingsVersion,
        serverTime: toIso(now()),
        toSettle: ledger.openHoldsOf(register.id).map((hold) => {
          const { id, state, points, purchaseKopecks, until, voucherId, voucherKopecks } = hold
          return {
            ...{ id, card: cardOf(id), state, points, purchaseKopecks, until: toIso(until) },
            ...(voucherId !== null && { voucherKopecks }),
          }
        }),
        updateChannel: 'stable',
        ...{ timeZone, supportContact, joinUrl, operationFields: [...operationFields] },
      }
      return { status: 200, body }
    },

    'POST /v1/heartbeat'(_register, { body }) {
      heartbeatSchema.parse(JSON.parse(body ?? ''))
      return { status: 200, body: { serverTime: toIso(now()), settingsVersion } }
    },

    'GET /v1/customers'(_register, { url }) {
      const card = cardOfCode(customerQuerySchema.parse(Object.fromEntries(url.searchParams)).code)
      const customer = card === null ? null : ledger.view(card, now())
      const inTelegram = customer !== null && ledger.account(customer.card)?.isInTelegram === true
      return customer
        ? { status: 200, body: { customer: { ...customer, inTelegram, ...countsOf(customer.card) } } }
        : { status: 404, body: errorBody('customer_not_found', refusalMessages.customer_not_found) }
    },

    'GET /v1/customers/changes'({ store }, { url }) {
      const { since, limit } = changesQuerySchema.parse(Object.fromEntries(url.searchParams))
      const page = changes.page(store.id, { since, limit })
      const carried = carriedNow()
      const customers = page.cards.map((card) => {
        const mergedInto = rootOf(card)
        if (mergedInto !== card)
          return { card, firstName: null, available: 0, status: 'erased' as const, mergedInto }
        const view = ledger.view(card, now())
        const standing = view && statuses.standing(card, bookNow())
        return {
          card,
          firstName: view?.firstName ?? null,
          available: view?.available ?? 0,
          status: view?.status ?? ('erased' as const),
          ...(standing && { standing }),
          ...segmentsOf(card, carried),
        }
      })
      const { cursor, more, begins } = page
      const body: z.infer<typeof changesReplySchema> = {
        ...{ customers, cursor, more, asOf: toIso(now()) },
        ...(begins && { begins }),
      }
      return { status: 200, body }
    },

    'GET /v1/vouchers'({ store }, { url }) {
      const { code, card = null } = voucherQuerySchema.parse(Object.fromEntries(url.searchParams))
      const shown = ledger.shown(readVoucherCode(code) ?? code, card)
      const reason = shown && whyNotHere(shown, { now: now(), timeZone, storeId: store.id })
      if (!shown)
        return {
          status: 404,
          body: errorBody('voucher_not_found', 'There is no such voucher. Nothing was changed.'),
        }
      const { terms } = shown.standing.voucher
      if (!reason) return { status: 200, body: { voucher: terms } }
      const details = { reason, title: terms.title }
      return { status: 422, body: errorBody('voucher_refused', refusalMessages.voucher_refused, details) }
    },

    'POST /v1/operations'(register, { body }) {
      const { operations } = operationsRequestSchema.parse(JSON.parse(body ?? ''))
      const author = authorOf({ ...register, programmeId: FIRST_PROGRAMME })
      const requests = operations.map((operation) => requestOf(operationSchema.parse(operation), author))
      const outcomes = post(requests)
      const [only] = outcomes
      if (outcomes.length > 1 || only?.status !== 'refused') return { status: 200, body: { outcomes } }
      return {
        status: statusOf[only.code],
        body: { outcomes, ...errorBody(only.code, only.message, only.details) },
      }
    },

    'POST /v1/parked'(_register, { body }) {
      handedOver.add(handOverRequestSchema.parse(JSON.parse(body ?? '')).id)
      return { status: 200, body: { isFiled: true } }
    },

    'POST /v1/diagnostics'(_register, { body }) {
      diagnosticsRequestSchema.parse(JSON.parse(body ?? ''))
      return { status: 200, body: { isKept: true } }
    },
  }

  const bookNow = () => bookAt(ledger.books(FIRST_PROGRAMME), now())

  /** What a look-up tells beside the customer; nothing where the book asks nothing. */
  function countsOf(card: string): { counts?: CustomerCounts } {
    const book = bookNow()
    const account = ledger.account(card)
    if (!account || !asksOfCustomer(book)) return {}
    const asked = questionsOf(book)
    const today = localDayOf(now(), timeZone)
    const last = lastUntilTheEndOfDay(account.latest.values(), { at: now(), today, timeZone })
    const uses = [...account.uses].flatMap(([key, uses]) => {
      const [period = '', ruleId = ''] = key.split(' ')
      return asked.uses && (period === IN_ALL || period === today) ? [{ ruleId, period, uses }] : []
    })
    const standing = statuses.standing(card, book)
    const told = segmentsOf(card)
    return {
      counts: {
        ...{ registeredAt: toIso(account.registeredAt), purchases: account.purchases, uses },
        lastPurchaseAt: asked.lastPurchase && last !== null ? toIso(last) : null,
        ...(standing && { standing }),
        ...(asked.day && {
          today: { day: today, ...(account.days.get(today) ?? { points: 0, purchases: 0 }) },
        }),
        ...(told.segments && isSettled(account) && told),
      },
    }
  }

  /** Nothing was just done with the customer: the latest thing is the last that happened. */
  function isSettled({ operations }: Account): boolean {
    let last: Executed | null = null
    for (const operation of operations.values()) {
      if (operation.outcome.status !== 'accepted') continue
      if (!last || operation.at > last.at || (operation.at === last.at && operation.id > last.id))
        last = operation
    }
    return last === null || last.recordedAt <= now() - MINUTE
  }

  const carriedNow = () => carriedSegments(booksFrom([...ledger.books(FIRST_PROGRAMME)], now()))

  /** Only where a book asks for any. */
  function segmentsOf(card: string, carried = carriedNow()): { segments?: string[] } {
    if (carried.size === 0) return {}
    return { segments: ledger.account(card)?.segments.filter((name) => carried.has(name)) ?? [] }
  }

  const cardOfCustomer = (customerId: number) => cards[customerId - 1] ?? ''
  const cardOf = (id: string) => cardOfCustomer(ledger.executed(id)?.customerId ?? 0)
  /** For whom a card stands by now. */
  function rootOf(card: string): string {
    return ledger.account(card)?.card ?? card
  }

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

    /** Codes are what they are kept by here: nobody steals a cloud in memory. */
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

    /** Raises who has reached a status, as the reader of the feed does every few seconds. */
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

    /** What the ledger says of the day, and of itself. */
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

    /** A new day: what nobody can ask about any more is forgotten. */
    beginDay(before: Instant): void {
      today.clear()
      referrals.forget(before)
      ledger.forget(before)
      oracle.forget(before)
    },
  }
}

/** The one that is valid, and those to come. */
function booksFrom(books: Book[], at: Instant): Book[] {
  const valid = books.filter(({ validFrom }) => validFrom <= at)
  const latest = valid.reduce((one, other) =>
    other.validFrom > one.validFrom || (other.validFrom === one.validFrom && other.version > one.version)
      ? other
      : one,
  )
  return books.filter((book) => book === latest || book.validFrom > at)
}

/** Whether everything that the second says is said by the first. */
function contains(actual: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return Object.is(actual, expected)
  if (typeof actual !== 'object' || actual === null) return false
  if (Array.isArray(expected)) return isDeepStrictEqual(actual, expected)
  return Object.entries(expected).every(([key, value]) =>
    contains((actual as Record<string, unknown>)[key], value),
  )
}

/** What was executed since the morning. */
function createToday() {
  const operations: LedgerOperation[] = []
  const holds = new Set<string>()
  const wasInDoubt = new Set<string>()
  const expired = new Map<string, number>()
  const given = new Map<string, number>()
  return {
    operations,
    holds,
    wasInDoubt,
    expired,
    given,
    note({ executed, postings, outcomes }: ReturnType<typeof judge>, at: Instant): void {
      for (const { id, author, outcome, content, quote, customerId } of executed) {
        if (author.type !== 'register') continue
        const { registerId, storeId } = author
        operations.push({
          id,
          registerId,
          storeId,
          status: outcome.status,
          content,
          facts: quote?.facts ?? null,
          earns: quote ? earnedPoints(quote) : null,
          bookVersion: quote?.version ?? null,
          ...{ customerId, recordedAt: at },
          turn: operations.length,
        })
      }
      for (const { hold } of postings) if (hold) holds.add(hold.id)
      const cardsById = new Map(
        outcomes.flatMap((outcome) =>
          outcome.status === 'accepted' ? [[outcome.id, outcome.customer.card]] : [],
        ),
      )
      for (const { operation, entries, merged } of postings) {
        const card = cardsById.get(operation.id) ?? ''
        for (const { kind, points } of [...entries, ...(merged?.entries ?? [])])
          if (kind === 'expire') expired.set(card, (expired.get(card) ?? 0) - points)
        if (operation.author.type !== 'register') given.set(card, (given.get(card) ?? 0) + operation.earned)
      }
    },
    clear(): void {
      operations.length = 0
      holds.clear()
      wasInDoubt.clear()
      expired.clear()
      given.clear()
    },
  }
}

/** Whom each store has seen, and what became of them since. */
function createChanges() {
  const log: string[] = []
  const seen = new Map<number, Set<string>>()
  return {
    note(card: string, storeId: number | null): void {
      log.push(card)
      if (storeId === null) return
      const cards = seen.get(storeId) ?? new Set<string>()
      seen.set(storeId, cards.add(card))
    },
    /** Every store that knew the one hears of both. */
    merge(given: string, kept: string): void {
      log.push(kept, given)
      for (const cards of seen.values()) if (cards.has(given)) cards.add(kept)
    },
    page(storeId: number, { since, limit }: { since: string | undefined; limit: number }) {
      const ofStore = seen.get(storeId) ?? new Set<string>()
      const at = since === undefined ? null : Number(since)
      if (at === null)
        return { cards: [...ofStore], cursor: String(log.length), more: false, begins: true as const }
      const next = Math.min(log.length, at + limit)
      const cards = [...new Set(log.slice(at, next))].filter((card) => ofStore.has(card))
      return { cards, cursor: String(next), more: next < log.length, begins: undefined }
    },
  }
}
