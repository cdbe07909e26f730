import { expect, it } from 'vitest'
import type { Reply } from '../sync/reply.ts'
import { createReturns, type ReturnsOptions } from './returns.ts'

type Purchases = Awaited<
  ReturnType<NonNullable<ReturnType<ReturnsOptions['connection']>>['client']['purchases']>
>
type Purchase = Extract<Purchases, { ok: true }>['value']['purchases'][number]

const purchase = (id: string): Purchase => ({
  ...{ id, kind: 'earn', at: '2026-01-02T10:00:00.000Z', card: '654321', firstName: 'Анна', receipt: null },
  ...{ register: { id: 2, name: 'Касса 2' }, purchaseKopecks: 1000, paidKopecks: 1000, spent: 0, awards: [] },
  ...{ refunds: 0, refundedKopecks: 0 },
})

it('knows what was looked for last, though the answer to what was looked for before comes later', async () => {
  const answers: ((reply: Purchases) => void)[] = []
  const client = {
    purchases: () =>
      new Promise<Reply<{ purchases: Purchase[]; more: boolean }>>((resolve) => answers.push(resolve)),
  }
  const returns = createReturns({
    connection: () => ({ client, signal: new AbortController().signal }),
    lists: { search: () => [], refundsOf: () => [], voucherOf: () => null },
    settings: { current: () => ({ known: null }) as ReturnType<ReturnsOptions['settings']['current']> },
    time: { guess: () => Date.parse('2026-01-03T10:00:00.000Z') },
  })
  const [before, last] = [returns.find({ daysAgo: 1 }), returns.find({ daysAgo: 2 })]
  answers[1]?.({ ok: true, value: { purchases: [purchase('last')], more: false } })
  await last
  answers[0]?.({ ok: true, value: { purchases: [purchase('before')], more: false } })
  await before
  expect(returns.take('last')).toMatchObject({ id: 'last' })
  expect(returns.take('before')).toBeNull()
})
