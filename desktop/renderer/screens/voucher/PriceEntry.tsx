import { formatKopecks } from '../../../../shared/numbers.ts'
import { useScreen, useTexts } from '../../screen.ts'
import { useTypedSum } from '../../typedSum.ts'
import { EntryDialog, EntryField } from '../../ui/EntryDialog.tsx'
import { Keypad } from '../../ui/Keypad.tsx'

/** What the goods cost that a voucher gives: 1C has not said what is bought. */
export function PriceEntry({ purchaseKopecks, onClose }: { purchaseKopecks: number; onClose: () => void }) {
  const screen = useScreen()
  const texts = useTexts()
  const { voucher: words } = texts
  const { kopecks: itemKopecks, ...sum } = useTypedSum()
  const isTooLarge = itemKopecks > purchaseKopecks
  const isGood = itemKopecks > 0 && !isTooLarge
  async function take(): Promise<void> {
    onClose()
    await screen.ask((api) => api.priceVoucherItem({ purchaseKopecks, itemKopecks }))
  }
  return (
    <EntryDialog
      title={words.price}
      pad={<Keypad corner="comma" onType={sum.type} onBackspace={sum.backspace} />}
      keys={{ type: sum.type, backspace: sum.backspace }}
      done={{ isGood, act: take }}
      onLeave={onClose}
    >
      <EntryField
        label={words.price}
        value={sum.shown}
        placeholder={sum.placeholder}
        isWrong={isTooLarge}
        message={
          isTooLarge ? words.priceTooLarge(formatKopecks(purchaseKopecks, texts.decimal)) : words.priceHint
        }
        onChange={sum.replace}
      />
    </EntryDialog>
  )
}
