import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { operationsRequestSchema } from '../../../shared/api.ts'
import { type Operation, operationSchema } from '../../../shared/operation.ts'
import type { Codes } from '../../access/people/codes.ts'
import type { LookupCounts } from '../../access/registers/lookupCounts.ts'
import type { Recalled } from '../../access/registers/registers.ts'
import { withDeadline } from '../../deadline.ts'
import { keyIn } from '../../http/auth.ts'
import type { Doors } from '../../http/context.ts'
import { type ApiFailure, bodyOf } from '../../http/errors.ts'
import type { Told } from '../../http/log.ts'
import { authorOf } from '../account.ts'
import { KeysEnded } from '../endedKeys.ts'
import type { Queue } from '../queue.ts'
import { requestOf, showsVoucher } from '../request.ts'
import { OPERATIONS_PATH, payForUnknownCards, replyOf } from './operations.ts'

const KIB = 1024
/**
 * A sale is an operation or two. A journal that comes after a night takes the usual way, which is fair to other
 * registers.
 */
const MOST_OPERATIONS = 10
const MOST_BYTES = 8 * KIB
const operationsSchema = z.array(operationSchema)
const PLAIN_HOST = /^[a-z0-9._-]+(:\d+)?$/

interface Around extends Pick<Doors, 'keyring' | 'limiters' | 'now'> {
  queue: Pick<Queue, 'submit'>
  codes: Pick<Codes, 'read'>
  lookups: Pick<LookupCounts, 'note'>
  /** The headers of every answer of the API. */
  headers: Record<string, string>
  tell(request: Told): void
  failureOf(error: Error): ApiFailure
  answerWithin: { milliseconds: number; tooLate: () => Error }
}

export type DirectDoor = ReturnType<typeof createDirectDoor>

/**
 * Answers the sale of a register that came in before, without a framework around it: the way in is most of what a sale costs
 * this process. Any unusual request goes the usual way instead, from its beginning: nothing of it was executed or paid for,
 * and the body that was read goes along.
 */
export function createDirectDoor(around: Around) {
  const { keyring, limiters, now, queue, codes, headers, tell, failureOf, answerWithin } = around

  function answer(
    response: ServerResponse,
    status: number,
    body: unknown,
    more: Record<string, string> = {},
  ) {
    const text = JSON.stringify(body)
    response.writeHead(status, {
      ...headers,
      ...more,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    })
    response.end(text)
  }

  return function enter(request: IncomingMessage, response: ServerResponse, goUsualWay: () => void): void {
    const startedAt = performance.now()
    const recalled = isPlain(request) ? recall(request) : undefined
    if (!recalled) {
      goUsualWay()
      return
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const body = Buffer.concat(chunks)
      const operations = read(body)
      if (operations && (await sell(recalled, operations, { startedAt, response }))) return
      // The adapter of the usual way takes the body that was read from here.
      Object.assign(request, { rawBody: body })
      goUsualWay()
    })
  }

  /** False where the usual way has to answer. */
  async function sell(
    { register, keyHash }: Recalled,
    operations: Operation[],
    { startedAt, response }: { startedAt: number; response: ServerResponse },
  ): Promise<boolean> {
    const pay = (tokens: number) => limiters.operations.spend(register.id, now(), tokens)
    if (limiters.operations.waitSeconds(register.id, now(), operations.length) > 0) return false
    pay(operations.length)
    const author = authorOf(register, keyHash)
    const requests = operations.map((operation) => requestOf(operation, author, { readCode: codes.read }))
    const ids = requests.map(({ id }) => id)
    const finish = (status: number, body: unknown, more?: Record<string, string>) => {
      answer(response, status, body, more)
      tell({ method: 'POST', path: OPERATIONS_PATH, status, startedAt, register: register.id, ids })
      return true
    }
    const { milliseconds, tooLate } = answerWithin
    try {
      const outcomes = await withDeadline(queue.submit(requests), milliseconds, tooLate)
      payForUnknownCards(around, register.id, outcomes)
      const { status, body } = replyOf(outcomes)
      return finish(status, body)
    } catch (error) {
      if (error instanceof KeysEnded) {
        pay(-operations.length)
        return false
      }
      const failure = failureOf(error as Error)
      const { retryAfterSeconds: wait } = failure
      return finish(
        failure.status,
        bodyOf(failure),
        wait === undefined ? {} : { 'retry-after': String(wait) },
      )
    }
  }

  function recall({ headers }: IncomingMessage): Recalled | undefined {
    const key = keyIn(headers.authorization)
    return key === undefined ? undefined : keyring.recall(key)
  }
}

function isPlain({ method, url, headers }: IncomingMessage): boolean {
  return (
    method === 'POST' &&
    url === OPERATIONS_PATH &&
    headers['content-type'] === 'application/json' &&
    headers['content-encoding'] === undefined &&
    headers['transfer-encoding'] === undefined &&
    Number(headers['content-length']) <= MOST_BYTES &&
    PLAIN_HOST.test(headers.host ?? '')
  )
}

/** The operations, if they are few and well-formed. */
function read(body: Buffer): Operation[] | null {
  const request = operationsRequestSchema.safeParse(jsonOf(body))
  if (!request.success || request.data.operations.length > MOST_OPERATIONS) return null
  const parsed = operationsSchema.safeParse(request.data.operations)
  return parsed.success && !parsed.data.some(showsVoucher) ? parsed.data : null
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}
