import {
  formatVoucherCode,
  readVoucherCode,
  VOUCHER_ALPHABET,
  VOUCHER_LENGTH,
} from '../../../../shared/voucherCode.ts'
import { typeVoucher } from '../../cardInput.ts'
import { expectHabitualEnter, OUR_FIELD, useKeys } from '../../keyboard.ts'
import { useScreen, useTexts } from '../../screen.ts'
import { Dialog } from '../../ui/Dialog.tsx'
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
  const texts = useTexts()
  const { voucher: words } = texts
  const isWrong = code.length === VOUCHER_LENGTH && readVoucherCode(code) === null

  function take(next: string): void {
    onCode(next)
    if (readVoucherCode(next) === null) return
    expectHabitualEnter()
    leave()
    void screen.look((api) => api.showVoucher({ code: next }))
  }
  const type = (character: string) => take(typeVoucher(code, character))
  function leave(): void {
    onCode('')
    onClose()
  }
  const backspace = () => onCode(code.slice(0, -1))
  useKeys({
    type,
    backspace,
    escape: leave,
    f7: leave,
    scan(scanned) {
      leave()
      screen.findCustomer(scanned)
    },
  })
  return (
    <Dialog title={words.title}>
      <div className="voucher-typed">
        <input
          {...OUR_FIELD}
          className="voucher-field num"
          inputMode="none"
          autoComplete="off"
          aria-label={words.title}
          aria-describedby="voucher-message"
          aria-invalid={isWrong}
          value={formatVoucherCode(code)}
          onChange={({ target }) => take([...target.value].reduce(typeVoucher, ''))}
        />
        <p id="voucher-message" className={isWrong ? 'bad' : 'soft'} aria-live="polite">
          {isWrong ? words.wrong : words.hint}
        </p>
      </div>
      <div className="letters num">
        {[...VOUCHER_ALPHABET].map((character) => (
          <button key={character} type="button" className="key" onClick={() => type(character)}>
            {character}
          </button>
        ))}
        <button
          type="button"
          className="key key-quiet"
          aria-label={texts.common.backspace}
          onClick={backspace}
        >
          <Icon name="backspace" />
        </button>
      </div>
      <div className="buttons">
        <button type="button" className="button" onClick={leave}>
          {texts.common.cancel}
          <kbd>Esc</kbd>
        </button>
      </div>
    </Dialog>
  )
}
