import type { z } from 'zod'
import { errorBody } from '../../cloud/http/errors.ts'
import { type Account, authorOf, type Executed } from '../../cloud/ledger/account.ts'
import type { MemoryLedger } from '../../cloud/ledger/memory.ts'
import { FIRST_PROGRAMME, programmeAt } from '../../cloud/ledger/programme.ts'
import { type Request, requestOf } from '../../cloud/ledger/request.ts'
import { statusOf } from '../../cloud/ledger/routes/refusals.ts'
import { carriedSegments } from '../../cloud/ledger/segments.ts'
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
import { refusalMessages } from '../../shared/refusal.ts'
import { type Book, bookAt } from '../../shared/rules/book.ts'
import { asksOfCustomer, IN_ALL, lastUntilTheEndOfDay, questionsOf } from '../../shared/rules/facts.ts'
import { localDayOf } from '../../shared/rules/localTime.ts'
import { type Instant, MINUTE, toIso } from '../../shared/time.ts'
import { readVoucherCode } from '../../shared/voucherCode.ts'
import type { Changes } from './changes.ts'
import type { StatusKeeper } from './statuses.ts'

export interface CloudAnswer {
  status: number
  body: unknown
}

export interface VirtualRegister {
  id: number
  key: string
  store: { id: number; name: string }
}

type Routes = Record<string, (register: VirtualRegister, request: Carried) => CloudAnswer>

export interface RoutesOptions {
  now: () => Instant
  ledger: MemoryLedger
  statuses: StatusKeeper
  changes: Changes
  /** In order, each held against the specification. */
  post: (requests: Request[]) => Outcome[]
  settingsVersion: () => number
  /** The card of an operation. */
  cardOf: (id: string) => string
  handedOver: Set<string>
  timeZone: string
  supportContact: string
  joinUrl: string
}

/** What a register may ask of the cloud, answered as the real one does. */
export function createRoutes(options: RoutesOptions): Routes {
  const { now, ledger, statuses, changes, post, settingsVersion, cardOf, handedOver } = options
  const { timeZone, supportContact, joinUrl } = options
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

  return {
    'GET /v1/register'(register) {
      const settings = ledger.settings()
      const books = [...ledger.books(FIRST_PROGRAMME)]
      const rules = { settings, books, timeZone, frozenAt: null, version: settingsVersion() }
      const body = {
        store: register.store,
        register: { id: register.id, name: `Касса ${register.id}`, channel: 'stable' },
        programme: programmeAt(rules, now()),
        books: booksFrom(books, now()).map(({ version, validFrom, timeZone: _, ...document }) => ({
          ...{ version, validFrom: toIso(validFrom), document },
        })),
        settingsVersion: settingsVersion(),
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
      return { status: 200, body: { serverTime: toIso(now()), settingsVersion: settingsVersion() } }
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
        const mergedInto = ledger.account(card)?.card ?? card
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
  } satisfies Routes
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
