import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import {
  type ApiError,
  errorSchema,
  operationsQuerySchema,
  operationsReplySchema,
  operationsRequestSchema,
  storeOperationsReplySchema,
} from '../../../shared/api.ts'
import { type Outcome, operationIdSchema, operationSchema } from '../../../shared/operation.ts'
import { toIso } from '../../../shared/time.ts'
import type { VoucherProblem } from '../../../shared/voucherCode.ts'
import type { Codes } from '../../access/people/codes.ts'
import type { LookupCounts } from '../../access/registers/lookupCounts.ts'
import { confirmKey, payAsRegister, registerOnly, registerRecalled } from '../../http/auth.ts'
import type { App, Doors, Env } from '../../http/context.ts'
import { body, commonProblems, json, ofRegister } from '../../http/describe.ts'
import { errorBody, faultsOf, tooMany } from '../../http/errors.ts'
import { pay } from '../../http/pay.ts'
import { type Author, authorOf } from '../account.ts'
import { refusedOf } from '../decide.ts'
import { KeysEnded } from '../endedKeys.ts'
import { Overloaded, type Queue } from '../queue.ts'
import { latestOperations } from '../read.ts'
import { type Readers, type Request, requestOf, showsVoucher } from '../request.ts'
import { createLongLists } from './longLists.ts'
import { statusOf } from './refusals.ts'

export const OPERATIONS_PATH = '/v1/operations'

const outcomesOfOne = (description: string) =>
  json(description, operationsReplySchema.extend(errorSchema.shape))

const execute = createRoute({
  method: 'post',
  path: OPERATIONS_PATH,
  summary: 'Execute 1 to 500 operations',
  description:
    'Outcomes come in the order of the operations. An operation may be sent again with its id until an outcome is seen: ' +
    'it is executed once. With exactly one operation, a refusal also sets the status and an `error`. After a 500 every ' +
    'operation is executed but the one that met the bug: sent again in smaller parts, the others are answered.',
  ...ofRegister,
  request: body(operationsRequestSchema),
  responses: {
    200: json('The outcomes, accepted or refused.', operationsReplySchema),
    404: outcomesOfOne('The one operation was refused: what it names does not exist.'),
    409: outcomesOfOne('The one operation was refused: it conflicts with what happened before.'),
    422: outcomesOfOne('The one operation was refused by a rule.'),
    ...commonProblems,
  },
})

const list = createRoute({
  method: 'get',
  path: OPERATIONS_PATH,
  summary: 'The latest operations of the store',
  ...ofRegister,
  request: { query: operationsQuerySchema },
  responses: { 200: json('Newest first.', storeOperationsReplySchema), ...commonProblems },
})

interface Around extends Doors {
  queue: Pick<Queue, 'submit'>
  codes: Pick<Codes, 'read'>
  lookups: Pick<LookupCounts, 'note'>
  meters: { refusedAtTheDoor(outcomes: Outcome[]): void }
}

export function operationRoutes(app: App, cloud: Around) {
  const mapInSlices = createLongLists()
  const [looked, recalled] = [registerOnly(cloud), registerRecalled(cloud)]
  app.use(OPERATIONS_PATH, (c, next) => (c.req.method === 'POST' ? recalled : looked)(c, next))
  app.get(OPERATIONS_PATH, payAsRegister(cloud, 'requests'))
  app.post(OPERATIONS_PATH, payAsRegister(cloud, 'operations'))

  app.openapi(execute, async (c) => {
    const { operations } = c.req.valid('json')
    const register = c.get('register')
    payEach(cloud, register.id, operations.length)

    const author = authorOf(register, c.get('keyHash'))
    const readers = {
      readCode: cloud.codes.read,
      hashVoucher: (code: string) => cloud.voucherKey().hash(code),
    }
    const account = openAccount(cloud, register.id)
    const parsed = await mapInSlices(
      operations,
      (operation) => account.payFor(parseOperation(operation, author, readers)),
      account.mayGoOn,
    )
    const requests = parsed.flatMap((result) => result.request ?? [])
    c.set(
      'operationIds',
      requests.map((request) => request.id),
    )
    cloud.meters.refusedAtTheDoor(parsed.flatMap(({ refused }) => refused ?? []))
    const guesses = meterGuesses(cloud, register.id, requests)
    const executed = await executeFor(c, cloud, requests)
    guesses.pay(executed)
    payForUnknownCards(cloud, register.id, executed)
    const outcomes = parsed.map((result): Outcome => result.refused ?? taken(executed.shift()))

    const reply = replyOf(outcomes)
    return reply.status === 200 ? c.json(reply.body, 200) : c.json(reply.body, reply.status)
  })

  app.openapi(list, async (c) => {
    const { limit } = c.req.valid('query')
    const rows = await latestOperations(cloud.sql, c.get('register').store.id, limit)
    return c.json({ operations: rows.map((row) => ({ ...row, at: toIso(row.at) })) }, 200)
  })
}

type Reply =
  | { status: 200; body: { outcomes: Outcome[] } }
  | { status: 404 | 409 | 422; body: { outcomes: Outcome[] } & ApiError }

/** Where only one operation was sent and it was refused, the reply is an error like any other. */
export function replyOf(outcomes: Outcome[]): Reply {
  const [only] = outcomes
  if (outcomes.length > 1 || only?.status !== 'refused') return { status: 200, body: { outcomes } }
  const error = errorBody(only.code, only.message, only.details)
  return { status: statusOf[only.code], body: { outcomes, ...error } }
}

/** Executes the requests. Where there are none, the key is looked at here: otherwise the ledger does it. */
async function executeFor(c: Context<Env>, cloud: Around, requests: Request[]): Promise<Outcome[]> {
  if (requests.length === 0) {
    if (c.get('keyHash')) await confirmKey(c, cloud)
    return []
  }
  try {
    return await cloud.queue.submit(requests)
  } catch (error) {
    if (!(error instanceof KeysEnded)) throw error
    await confirmKey(c, cloud)
    throw new Overloaded('the register of this key has just changed')
  }
}

/** The middleware has taken one token already, before the body was read. */
function payEach({ limiters, now }: Doors, registerId: number, count: number): void {
  limiters.operations.spend(registerId, now(), -1)
  pay(limiters.operations, registerId, now(), count)
}

/** Problems of a code itself, whatever was bought. */
const ofCode = new Set<unknown>(['unknown', 'void', 'used', 'other_customer'] satisfies VoucherProblem[])

/** A redemption with a code that is not good tells a guesser as much as a look-up of it, and costs as much. */
function meterGuesses({ limiters, now }: Doors, registerId: number, requests: Request[]) {
  const { missedLookups } = limiters
  const wait = requests.some(showsVoucher) ? missedLookups.waitSeconds(registerId, now()) : 0
  if (wait > 0) throw tooMany(wait)
  const isGuess = (outcome: Outcome) =>
    outcome.status === 'refused' && outcome.code === 'voucher_refused' && ofCode.has(outcome.details.reason)
  return {
    pay(outcomes: Outcome[]): void {
      const missed = outcomes.filter(isGuess).length
      if (missed > 0) missedLookups.spend(registerId, now(), missed)
    },
  }
}

/**
 * Allows as many guesses a minute as missed look-ups. An honest till meets few unknown cards: ones that were erased
 * since.
 */
const TOKENS_OF_UNKNOWN_CARD = 50

/**
 * An answer that a card is unknown tells a guesser as much as a look-up of it. The few that an honest till meets must not
 * keep it from its sales, so its bucket of operations pays, on credit.
 */
export function payForUnknownCards(
  { limiters, now, lookups }: Pick<Around, 'limiters' | 'now' | 'lookups'>,
  registerId: number,
  outcomes: Outcome[],
): void {
  for (const outcome of outcomes) {
    if (outcome.status !== 'refused' || outcome.code !== 'customer_not_found') continue
    limiters.operations.spend(registerId, now(), TOKENS_OF_UNKNOWN_CARD)
    lookups.note({ registerId, card: String(outcome.details.card), isMissed: true, now: now() })
  }
}

/**
 * An honest register sends no malformed operations; to describe what is wrong with one costs as much as to execute
 * dozens.
 */
const TOKENS_OF_MALFORMED = 50

/**
 * Malformed operations are paid for at once, and on credit: a list is gone through to its end whatever it owes, or it
 * would owe the same again when it is sent again. But it does not go on while its sender owes for other lists.
 */
function openAccount({ limiters, now }: Doors, registerId: number) {
  let owed = 0
  return {
    payFor(parsed: Parsed): Parsed {
      if (!parsed.refused) return parsed
      owed += TOKENS_OF_MALFORMED
      limiters.operations.spend(registerId, now(), TOKENS_OF_MALFORMED)
      return parsed
    },
    mayGoOn(): void {
      const wait = limiters.operations.waitSeconds(registerId, now(), -owed)
      if (wait > 0) throw tooMany(wait)
    },
  }
}

type Parsed = { request: Request; refused?: never } | { request?: never; refused: Outcome }

function parseOperation(value: unknown, author: Author, readers: Readers): Parsed {
  const result = operationSchema.safeParse(value)
  if (result.success) return { request: requestOf(result.data, author, readers) }
  return { refused: refusedOf(namesOf(value), 'malformed', faultsOf(result.error)) }
}

/**
 * The id and kind of an operation that could not be parsed, as far as they can be read, so that its sender finds it
 * again.
 */
function namesOf(value: unknown): { id: string | null; kind: string | null } {
  const loose = z
    .object({ id: operationIdSchema.catch(''), kind: z.string().max(20).catch('') })
    .safeParse(value)
  return { id: loose.data?.id || null, kind: loose.data?.kind || null }
}

function taken(outcome: Outcome | undefined): Outcome {
  if (!outcome) throw new Error('the ledger answered fewer operations than it was asked')
  return outcome
}
