import { expect, test } from 'vitest'
import { MINUTE } from '../../../shared/time.ts'
import { emptySession, type OpenSale, type Session } from '../session/state.ts'
import { isFree } from './free.ts'

const sale: OpenSale = { id: 1, key: 'k', protocol: 1, purchaseKopecks: 100, receipt: null, source: '1c' }
const customer: Session['customer'] = {
  ...{
    card: '654321',
    firstName: 'Анна',
    expiresNext: null,
    debt: 0,
    available: 1,
    status: 'active',
    source: 'cloud',
    code: null,
    asOf: 0,
  },
}
const act: Session['act'] = {
  ...{ type: 'processing', kind: 'earn', operationId: 'x', purchaseKopecks: 1, points: 1 },
  ...{ stage: 'asking', deadlineAt: null },
}
const quiet = { session: emptySession, saleAgeMs: 0, hasOpenRedemption: false, isWriting: false }
const withSession = (session: Partial<Session>, saleAgeMs = 0) => ({
  ...quiet,
  session: { ...emptySession, ...session },
  saleAgeMs,
})

test.each<[string, Parameters<typeof isFree>[0], boolean]>([
  ['with nothing open', quiet, true],
  ['with a sale', withSession({ sale }), false],
  ['with a sale that 1C left there when the shop closed', withSession({ sale }, 30 * MINUTE), true],
  ['with an amount that was typed', withSession({ sale: { ...sale, source: 'typed' } }, 60 * MINUTE), false],
  ['with a customer', withSession({ sale, customer }, 60 * MINUTE), false],
  ['while a customer is looked for', withSession({ search: { id: 1, code: '6', before: null } }), false],
  ['while an operation is under way', withSession({ act }), false],
  [
    'with a redemption that the ledger has not heard the end of',
    { ...quiet, hasOpenRedemption: true },
    false,
  ],
  ['while something is being written', { ...quiet, isWriting: true }, false],
])('%s', (_what, facts, free) => {
  expect(isFree(facts)).toBe(free)
})
