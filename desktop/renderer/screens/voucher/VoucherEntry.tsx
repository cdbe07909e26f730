import {
  formatVoucherCode,
  readVoucherCode,
  VOUCHER_ALPHABET,
  VOUCHER_LENGTH,
} from '../../../../shared/voucherCode.ts'
import { typeVoucher } from '../../cardInput.ts'
import { expectHabitualEnter } from '../../keyboard.ts'
import { useScreen, useTexts } from '../../screen.ts'
import { EntryDialog, EntryField } from '../../ui/EntryDialog.tsx'
import { Icon } from '../../ui/Icon.tsx'
import './voucher.css'

interface VoucherEntryProps {
  code: string
  onCode: (code: string) => void
  onClose: () => void
}

/** The code of a voucher, by keys or fingers; it is asked about as soon as it is whole. */
export function VoucherEntry({ code, onCode, onClose }: VoucherEntryProps) {
  const screen = useScreen()
  const { voucher: words } = useTexts()
  const isWrong = code.length === VOUCHER_LENGTH && readVoucherCode(code) === null

  function take(next: string): void {
    onCode(next)
    if (readVoucherCode(next) === null) return
    expectHabitualEnter()
    leave()
    void screen.look((api) => api.showVoucher({ code: next }))
  }
  const type = (character: string) => take(typeVoucher(code, character))
  const backspace = () => onCode(code.slice(0, -1))
  function leave(): void {
    onCode('')
    onClose()
  }
  function scan(scanned: string): void {
    leave()
    screen.findCustomer(scanned)
  }
  return (
    <EntryDialog
      title={words.title}
      pad={<Letters onType={type} onBackspace={backspace} />}
      keys={{ type, backspace, f7: leave, scan }}
      onLeave={leave}
    >
      <EntryField
        label={words.title}
        value={formatVoucherCode(code)}
        isWrong={isWrong}
        message={isWrong ? words.wrong : words.hint}
        onChange={(text) => take([...text].reduce(typeVoucher, ''))}
      />
    </EntryDialog>
  )
}

/** Only what codes are made of. */
function Letters({ onType, onBackspace }: { onType: (character: string) => void; onBackspace: () => void }) {
  const { common } = useTexts()
  return (
    <div className="letters num">
      {[...VOUCHER_ALPHABET].map((character) => (
        <button key={character} type="button" className="key" onClick={() => onType(character)}>
          {character}
        </button>
      ))}
      <button type="button" className="key key-quiet" aria-label={common.backspace} onClick={onBackspace}>
        <Icon name="backspace" />
      </button>
    </div>
  )
}
