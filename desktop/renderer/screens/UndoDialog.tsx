import type { RecentOperation } from '../../../shared/bridge.ts'
import { formatKopecks } from '../../../shared/numbers.ts'
import { useKeys } from '../keyboard.ts'
import { useScreen, useTexts } from '../screen.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { whoOf } from './Recent.tsx'

/** An undo moves points: it is never one slip of a finger. */
export function UndoDialog({ operation, onClose }: { operation: RecentOperation; onClose: () => void }) {
  const screen = useScreen()
  const texts = useTexts()
  const { id, spent, earned, purchaseKopecks } = operation
  function undo(): void {
    onClose()
    void screen.ask((api) => api.refund({ operationId: id }))
  }
  useKeys({ enter: undo, escape: onClose })
  return (
    <Dialog title={texts.recent.confirmTitle}>
      <p className="num">
        <b>{`${whoOf(operation, texts)} · ${formatKopecks(purchaseKopecks, texts.decimal)}`}</b>
      </p>
      {spent > 0 && <p className="num">{texts.recent.confirmSpent(spent)}</p>}
      {earned > 0 && <p className="num">{texts.recent.confirmEarned(earned)}</p>}
      <p className="soft">{texts.recent.confirmMoney}</p>
      <div className="buttons">
        <button type="button" className="button main" onClick={undo}>
          {texts.recent.confirm}
          <kbd>Enter</kbd>
        </button>
        <button type="button" className="button" onClick={onClose}>
          {texts.recent.keep}
          <kbd>Esc</kbd>
        </button>
      </div>
    </Dialog>
  )
}
