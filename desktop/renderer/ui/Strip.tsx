import { useSnapshot, useTexts } from '../screen.ts'
import { lineOf } from './cloudLine.ts'
import { Money } from './Money.tsx'
import { oneCOf } from './oneC.ts'

/** What is left of the screen where its window is a strip beside 1C: the amount, or what keeps it away. */
export function Strip() {
  const texts = useTexts()
  const snapshot = useSnapshot((all) => all)
  const { sale, parked, cloud } = snapshot
  const oneC = oneCOf(snapshot, texts)
  const line = lineOf(snapshot, texts, Date.now())
  const trouble = oneC.tone === 'bad' ? oneC : parked.length > 0 || cloud.queued > 0 ? line : null
  return (
    <div className="strip" aria-hidden="true">
      <b>{snapshot.preferences.brand}</b>
      {trouble && <span className={`pill ${trouble.tone}`}>{trouble.text}</span>}
      {sale ? <Money kopecks={sale.purchaseKopecks} /> : <span className="soft">{texts.amount.waiting}</span>}
    </div>
  )
}
