import { expect, it } from 'vitest'
import type { Amount, AmountReading } from '../exchange/sale.ts'
import type { Log } from '../machine/log.ts'
import { createItemsHint } from './itemsHint.ts'

const reading = (amount: Partial<Amount>): AmountReading => ({
  amount: { purchaseKopecks: 100, receipt: null, protocol: 1, ...amount },
  ...{ fingerprint: '', version: '', writtenAt: 0 },
})
const good = reading({ items: [{ sku: '1', quantity: 1, kopecks: 100 }] })
const bad = reading({ itemsProblem: 'not_the_amount' })

it('says once that items are ignored, and no more when they can be used again', () => {
  const said: (string | null)[] = []
  let logged = 0
  const log = { warn: () => (logged += 1) } as unknown as Log
  const told = createItemsHint({ notices: { set: (_code, text) => said.push(text) }, log })
  told(good)
  expect(said).toEqual([])
  for (const one of [bad, null, bad, reading({})]) told(one)
  expect(said).toEqual(['not_the_amount'])
  told(reading({ itemsProblem: 'not_understood' }))
  told(good)
  expect(said).toEqual(['not_the_amount', 'not_understood', null])
  expect(logged).toBe(3)
})
