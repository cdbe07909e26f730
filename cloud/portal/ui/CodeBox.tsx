import type { CSSProperties } from 'react'
import type { HeardMe } from '../../../shared/me.ts'
import type { LiveCode } from '../liveCode.ts'
import { useTexts } from '../portal.ts'
import { steadyNow } from '../steadyClock.ts'
import { Qr } from './Qr.tsx'
import './codeBox.css'

/** The code for the register, framed by how long it still lives. */
export function CodeBox({ me, code }: { me: HeardMe; code: LiveCode }) {
  const { card: texts } = useTexts()
  if (code.status === 'loading' && !me.isFrozen) {
    return (
      <div className="code-box">
        <div className="code-waiting" role="status">
          <span className="unseen">{texts.renewing}</span>
        </div>
      </div>
    )
  }
  const isLive = code.status === 'live' && !me.isFrozen
  return (
    <div className="code-box" data-code={isLive ? 'live' : 'plain'}>
      <Qr text={isLive ? code.code : plainCodeOf(me.card)} label={texts.code} />
      {isLive && <Life key={code.code} endsAt={code.endsAt} lifeMs={code.lifeMs} />}
    </div>
  )
}

/** What plastic carries: it names the card and proves nothing. */
export const plainCodeOf = (card: string) => `99${card}`

/** Drawn once, moved by the browser: no clock ticks for it. */
function Life({ endsAt, lifeMs }: { endsAt: number; lifeMs: number }) {
  const goneMs = lifeMs - (endsAt - steadyNow())
  const style = { '--life': `${lifeMs}ms`, '--gone': `${-goneMs}ms` } as CSSProperties
  return (
    <svg className="life" style={style} viewBox="0 0 254 254" aria-hidden="true">
      <rect x="2" y="2" width="250" height="250" rx="18" pathLength="100" />
    </svg>
  )
}
