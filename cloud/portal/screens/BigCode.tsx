import type { HeardMe } from '../../../shared/me.ts'
import { formatCard } from '../../../shared/numbers.ts'
import type { LiveCode } from '../liveCode.ts'
import { useTexts } from '../portal.ts'
import { route } from '../route.ts'
import { Barcode } from '../ui/Barcode.tsx'
import { CodeBox, plainCodeOf } from '../ui/CodeBox.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import './bigCode.css'

/** As large as the screen can, on white: for a scanner that is old, or far. */
export function BigCode({ me, code }: { me: HeardMe; code: LiveCode }) {
  const { card: texts } = useTexts()
  const isPlain = code.status === 'unavailable'
  return (
    <Dialog className="big-code" label={texts.code}>
      <button className="big-code-close" type="button" onClick={route.back}>
        <span className="unseen">{texts.shrink}</span>
        <CodeBox me={me} code={code} />
      </button>
      <Barcode digits={plainCodeOf(me.card)} label={texts.barcode} />
      <p className="card-number num">{formatCard(me.card)}</p>
      <p className="big-code-note">{isPlain ? texts.plainCode : texts.renews}</p>
    </Dialog>
  )
}
