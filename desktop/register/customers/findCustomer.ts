import type { FoundCustomer } from '../../../shared/api.ts'
import type { KnownCustomer, NotFoundReason } from '../../../shared/bridge.ts'
import type { Reading } from '../../../shared/reading.ts'
import { isLive } from '../../../shared/signedCode.ts'
import type { Event } from '../session/state.ts'
import type { Connection } from '../sync/connection.ts'
import type { CopiedCustomer } from '../sync/customerCopy.ts'
import type { CloudTime } from '../time/cloudTime.ts'
import { readShown } from './shownText.ts'

/** Answers of the cloud that are about the code, not about the line. */
const misses: readonly string[] = [
  'customer_not_found',
  'code_altered',
  'code_too_old',
] satisfies NotFoundReason[]

/**
 * Finds the customer of a card or code. The cloud is asked; where it does not answer, the copy is, and a card that the
 * copy does not have can still earn by its number. While the line is known to be down the copy answers at once, and the
 * cloud, should it be back, after it. A forged code is refused here, and the cloud is not asked.
 */
export async function findCustomer(
  { searchId, code: text }: { searchId: number; code: string },
  {
    connection,
    codeKey,
    isProgrammeFrozen,
    time,
    tell,
  }: {
    connection: Connection | null
    codeKey: string | null
    /** Whether the cloud said last that the programme is frozen: the copy does not know it. */
    isProgrammeFrozen: boolean
    time: Pick<CloudTime, 'now' | 'guess'>
    tell: (event: Event) => void
  },
): Promise<void> {
  const miss = (reason: NotFoundReason, message?: string) =>
    tell({ type: 'not_found', searchId, reason, ...(message && { message }) })
  const shown = readShown(text, codeKey)
  if ('problem' in shown) return miss(shown.problem)
  if (!connection) return miss('cloud_away')
  const { card, code, isProven } = shown

  function tellFromCopy({ find }: Connection): void {
    // A register that does not know the time of the cloud cannot judge the age of a code.
    const now = time.now()
    if (code && now !== null && !isLive(code, now)) miss('code_too_old')
    else {
      const customer = fromCopy(card, find(card), isProven ? text : null)
      tell({ type: 'found', searchId, customer: isProgrammeFrozen ? frozenWithAll(customer) : customer })
    }
  }

  const isDown = connection.state().line === 'offline'
  if (isDown) tellFromCopy(connection)
  const askedAt = time.guess()
  const reply = await connection.client.customer(text, connection.signal)
  if (connection.signal.aborted) return
  if (reply.ok) {
    // The copy has the customers who buy here; a look-up does not add one. A freeze of the whole programme is not kept with a
    // single customer: it would outlive the freeze.
    if (connection.find(card) && !reply.value.customer.isProgrammeFrozen)
      connection.remember(reply.value.customer, askedAt)
    const customer = fromCloud(reply.value.customer, { shown: card, code: code && text, asOf: time.guess() })
    return tell({ type: 'found', searchId, customer })
  }
  if (isMiss(reply.code)) return miss(reply.code)
  if (reply.failure === 'refused' && !isAboutRequest(reply.code)) return miss('refused', reply.message)
  if (!isDown) tellFromCopy(connection)
}

/** Whether the answer is about a wrong address or form of the request, and not about the customer: then the copy is asked. */
function isAboutRequest(code: string | undefined): boolean {
  return code === 'not_found' || code === 'malformed'
}

function isMiss(code: string | undefined): code is NotFoundReason {
  return code !== undefined && misses.includes(code)
}

function fromCloud(
  {
    card,
    firstName,
    available,
    debt,
    expiresNext,
    waiting,
    status = 'active',
    counts,
    inTelegram,
    isProgrammeFrozen,
  }: Reading<FoundCustomer>,
  { shown, code, asOf }: Pick<KnownCustomer, 'code' | 'asOf'> & { shown: string },
): KnownCustomer {
  return {
    card,
    firstName,
    available,
    debt,
    expiresNext,
    waiting,
    status,
    code,
    source: 'cloud',
    asOf,
    counts,
    standing: counts?.standing ?? null,
    segments: counts?.segments,
    inTelegram,
    ...(isProgrammeFrozen && { isProgrammeFrozen }),
    ...replacedBy(card, shown),
  }
}

/** In a frozen programme every customer is shown as frozen. */
const frozenWithAll = (customer: KnownCustomer): KnownCustomer => ({
  ...customer,
  ...{ status: 'frozen', isProgrammeFrozen: true },
})

/** Marks the card that was shown where it was merged into another one. */
const replacedBy = (card: string, shown: string) => (card === shown ? {} : { replaced: shown })

function fromCopy(shown: string, copied: CopiedCustomer | null, code: string | null): KnownCustomer {
  const card = copied?.card ?? shown
  return {
    card,
    ...replacedBy(card, shown),
    firstName: copied?.firstName ?? null,
    available: copied?.available ?? null,
    debt: 0,
    expiresNext: null,
    code,
    source: copied ? 'copy' : 'unknown',
    status: copied?.status ?? 'active',
    asOf: copied?.asOf ?? null,
    standing: copied?.standing ?? null,
    segments: copied?.segments ?? undefined,
  }
}
