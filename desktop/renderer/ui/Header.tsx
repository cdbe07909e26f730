import { MINUTE } from '../../../shared/time.ts'
import { useNow, useScreen, useScreenState, useSnapshot, useTexts } from '../screen.ts'
import { lineOf } from './cloudLine.ts'
import { Icon } from './Icon.tsx'
import './header.css'

/** Where this is and whether all is well, in one glance. */
export function Header() {
  const screen = useScreen()
  const texts = useTexts()
  const now = useNow(5000)
  const snapshot = useSnapshot((all) => all)
  const panel = useScreenState((state) => state.panel)
  const { store, register, exchange, clock, parked, phase, preferences, update } = snapshot
  const line = lineOf(snapshot, texts, now)
  const isClockOff = clock.isFarOff && clock.offsetMs !== null
  const isBusy = phase === 'processing'
  return (
    <header className="header">
      <div className="brand">
        <svg className="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="9" />
          <path d="M9 13.5h14M16 5.5v5" />
          <circle cx="16" cy="20.5" r="5" />
        </svg>
        <span>{preferences.brand}</span>
      </div>
      <p className="where">{store && register ? `${store.name} · ${register.name}` : texts.header.noStore}</p>
      {(update?.state === 'ready' || update?.state === 'installing') && (
        <p className="update">{texts.update.short[update.state]}</p>
      )}
      <p className={`pill ${exchange.state === 'ok' ? 'good' : 'bad'}`}>
        {texts.header.exchange[exchange.state]}
      </p>
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
