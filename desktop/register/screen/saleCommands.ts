import { defaultProgramme } from '../../../shared/programme.ts'
import { looksLikeVoucher, readVoucherCode } from '../../../shared/voucherCode.ts'
import { done, type Handlers, type Handling, refuse } from './handling.ts'

type SaleHandlers = Pick<
  Handlers,
  | 'findCustomer'
  | 'typeAmount'
  | 'earn'
  | 'choosePoints'
  | 'redeem'
  | 'showVoucher'
  | 'dropVoucher'
  | 'priceVoucherItem'
  | 'merge'
  | 'keepApart'
  | 'expectJoin'
  | 'hideJoined'
  | 'cancel'
  | 'refund'
>

/** The commands of a sale, from the customer to a tap, and the undoing of one. */
export function saleHandlers(handling: Handling): SaleHandlers {
  const { settings, lists, connector, joins, nextId, nextNumber, tell, refuseUnlessDecided, voucherOf } =
    handling

  function showVoucher(text: string) {
    const code = readVoucherCode(text)
    return code === null
      ? refuse('not_a_voucher')
      : tell({ type: 'show_voucher', searchId: nextNumber(), code })
  }

  return {
    findCustomer: ({ code }) =>
      looksLikeVoucher(code) ? showVoucher(code) : tell({ type: 'search', id: nextNumber(), code }),
    typeAmount({ purchaseKopecks, pin }) {
      const { typed_limit_kopecks: limit } = settings.current().known?.programme ?? defaultProgramme
      const refused =
        purchaseKopecks > limit ? refuseUnlessDecided(pin, { noPin: 'no_pin', needed: 'pin_needed' }) : null
      return refused ?? tell({ type: 'amount_typed', id: -nextNumber(), purchaseKopecks })
    },
    earn: ({ purchaseKopecks, confirmDuplicate = false }) =>
      connector.current()
        ? tell({ type: 'earn', id: nextId(), purchaseKopecks, confirmDuplicate })
        : refuse('not_enrolled'),
    choosePoints: (chosen) => tell({ type: 'choose', ...chosen }),
    redeem: ({ purchaseKopecks, points, confirmDuplicate = false, withVoucher = false }) =>
      tell({ type: 'redeem', id: nextId(), purchaseKopecks, points, confirmDuplicate, withVoucher }),
    showVoucher: ({ code }) => showVoucher(code),
    dropVoucher: () => tell({ type: 'drop_voucher' }),
    priceVoucherItem: (price) => tell({ type: 'price_voucher_item', ...price }),
    merge: (cards) => tell({ type: 'merge', id: nextId(), ...cards }),
    keepApart: (cards) => tell({ type: 'keep_apart', ...cards }),
    expectJoin() {
      joins.expect()
      return done
    },
    hideJoined({ card }) {
      joins.hide(card)
      return done
    },
    cancel: () => tell({ type: 'cancel' }),

    refund({ operationId, refundKopecks = null }) {
      const of = lists.find(operationId)
      if (!of?.isRefundable) return refuse('not_refundable')
      return tell({ type: 'refund', id: nextId(), of, refundKopecks, voucher: voucherOf(operationId) })
    },
  }
}
