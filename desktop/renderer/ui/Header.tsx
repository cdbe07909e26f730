import { MINUTE } from '../../../shared/time.ts'
import { useNow, useScreen, useScreenState, useSnapshot, useTexts } from '../screen.ts'
import { lineOf } from './cloudLine.ts'
import { Icon } from './Icon.tsx'
import { oneCOf } from './oneC.ts'
import './header.css'

/** Where this is and whether all is well, in one glance. */
export function Header() {
  const screen = useScreen()
  const texts = useTexts()
  const now = useNow(5000)
  const snapshot = useSnapshot((all) => all)
  const panel = useScreenState((state) => state.panel)
  const { store, register, clock, parked, phase, preferences, update } = snapshot
  const line = lineOf(snapshot, texts, now)
  const oneC = oneCOf(snapshot, texts)
  const isClockOff = clock.isFarOff && clock.offsetMs !== null
  const isBusy = phase === 'processing'
  return (
    <header className="header">
      <div className="brand">
        <svg className="brand-mark" viewBox="0 0 64 64" aria-hidden="true">
          <rect className="box" width="64" height="64" rx="17" />
          <circle cx="29" cy="14" r="8" />
          <path d="M31 21.5a20 15.5 0 0 1 9.6 1.9L47 17.5q2-.5 2 1.5v13h5a3 3 0 0 1 3 3v6a3 3 0 0 1-3 3h-6.6a20 15.5 0 0 1-2.9 3.3V54a2 2 0 0 1-2 2H38a2 2 0 0 1-2-2v-2a20 15.5 0 0 1-10.5 0v2a2 2 0 0 1-2 2H19a2 2 0 0 1-2-2v-6.2A20 15.5 0 0 1 31 21.5z" />
          <path className="slot" d="M20 26.5h18" />
        </svg>
        <span>{preferences.brand}</span>
      </div>
      <p className="where">{store && register ? `${store.name} · ${register.name}` : texts.header.noStore}</p>
      {(update?.state === 'ready' || update?.state === 'installing') && (
        <p className="update">{texts.update.short[update.state]}</p>
      )}
      <p className={`one-c pill ${oneC.tone}`}>{oneC.text}</p>
      <button
        type="button"
        className="pill-button"
        aria-expanded={panel === 'queue'}
        disabled={isBusy}
        onClick={() => screen.show(panel === 'queue' ? 'none' : 'queue')}
      >
        <span className="unseen">{`${texts.header.openQueue}: `}</span>
        <span className={`pill num ${line.tone}`}>
          {line.text}
          {parked.length > 0 && <b className="pill-count">{texts.header.parked(parked.length)}</b>}
        </span>
      </button>
      <p className={isClockOff ? 'pill bad num' : 'clock num'}>
        {isClockOff ? texts.header.clockOff(Math.round((clock.offsetMs ?? 0) / MINUTE)) : texts.time(now)}
      </p>
      <button
        type="button"
        className="button quiet square"
        aria-expanded={panel === 'settings'}
        disabled={isBusy}
        onClick={() => screen.show(panel === 'settings' ? 'none' : 'settings')}
      >
        <Icon name="gear" />
        <span className="unseen">{texts.header.openSettings}</span>
      </button>
    </header>
  )
}
