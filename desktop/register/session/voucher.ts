import { reading } from '../../../shared/reading.ts'
import { type JudgedTerms, voucherTermsSchema } from '../../../shared/rules/voucher.ts'
import type { World } from './offer.ts'
import { type Session, stay, type Transition, type VoucherEvent } from './state.ts'

/** A code that the customer who stands there has shown, and what the cloud says of it. */
export type ShownVoucher = { searchId: number; code: string } & (
  | { state: 'asked' }
  | { state: 'good'; terms: JudgedTerms }
  | { state: 'bad'; reason: string; title: string | null }
)

/** One that a sale can be judged with. */
export interface JudgedVoucher {
  code: string
  terms: JudgedTerms
}

const heardTerms = reading(voucherTermsSchema)

/** The voucher is of the customer who stands there, and the latest one counts. */
export function onVoucher(session: Session, event: VoucherEvent, world: World): Transition {
  const { customer, act, voucher } = session
  switch (event.type) {
    case 'show_voucher': {
      if (act && act.type !== 'error') return { refused: 'busy' }
      if (!customer) return { refused: 'no_customer' }
      if (customer.status === 'frozen') return { refused: 'card_frozen' }
      if (!world.isOnline || !world.operationFields.includes('voucher')) return { refused: 'cloud_away' }
      const { searchId, code } = event
      return {
        session: { ...session, act: null, voucher: { searchId, code, state: 'asked' } },
        effects: [{ type: 'find_voucher', searchId, code, card: customer.card }],
      }
    }
    case 'voucher_found': {
      if (voucher?.searchId !== event.searchId) return stay(session)
      const { searchId, code } = voucher
      const terms = heardTerms.safeParse(event.terms).data
      // A newer cloud may have vouchers that this till cannot reckon with.
      const said: ShownVoucher = terms
        ? { searchId, code, state: 'good', terms }
        : { searchId, code, state: 'bad', reason: 'unreadable', title: null }
      return stay({ ...session, voucher: said })
    }
    case 'voucher_missed': {
      if (voucher?.searchId !== event.searchId) return stay(session)
      const { searchId, reason, title } = event
      return stay({ ...session, voucher: { searchId, code: voucher.code, state: 'bad', reason, title } })
    }
    case 'drop_voucher':
      return stay(voucher ? { ...session, voucher: null } : session)
  }
}
