import type { HeardMe } from '../../../shared/me.ts'
import { formatCard, formatWhole } from '../../../shared/numbers.ts'
import { lastDayHere } from '../dates.ts'
import type { LiveCode } from '../liveCode.ts'
import { useTexts } from '../portal.ts'
import { route } from '../route.ts'
import { CodeBox } from '../ui/CodeBox.tsx'
import { FrozenNote } from '../ui/FrozenNote.tsx'
import { Icon } from '../ui/Icon.tsx'
import { MyStatus } from './MyStatus.tsx'
import './card.css'
import './vouchers.css'

/** The card as in a wallet: what is on it, until when, and the code for the register. */
export function Card({ me, code }: { me: HeardMe; code: LiveCode }) {
  const { card: texts, invite, vouchers } = useTexts()
  return (
    <>
      <h1 className="unseen">{texts.title}</h1>
      <Warning me={me} code={code} />
      <section className={me.isFrozen ? 'pass frozen' : 'pass'}>
        <header className="pass-top">
          <strong>{me.chainName}</strong>
          <span>{me.firstName}</span>
        </header>
        <p className="balance" aria-live="polite">
          <b className="num" key={me.available}>
            {formatWhole(me.available)}
          </b>
          <span>{texts.onCard(me.available)}</span>
        </p>
        <Facts me={me} />
        <div className="tear" />
        <button
          className="code-button"
          type="button"
          onClick={() => route.cover('code')}
          disabled={me.isFrozen}
        >
          <span className="unseen">{texts.enlarge}</span>
          <CodeBox me={me} code={code} />
        </button>
        <p className="card-number num">
          <span className="unseen">{texts.number}</span> {formatCard(me.card)}
        </p>
      </section>
      {me.vouchers !== undefined && (
        <button className="button vouchers-button" type="button" onClick={() => route.cover('vouchers')}>
          <Icon name="ticket" />
          {vouchers.open(me.vouchers)}
        </button>
      )}
      {me.invites && (
        <button className="button invite-button" type="button" onClick={() => route.cover('invite')}>
          <Icon name="gift" />
          {invite.title}
        </button>
      )}
      {me.status && <MyStatus status={me.status} />}
      {code.status !== 'unavailable' && !me.isFrozen && <p className="code-note">{texts.show}</p>}
    </>
  )
}

function Facts({ me }: { me: HeardMe }) {
  const { card: texts } = useTexts()
  const next = me.expiresNext
  return (
    <div className="facts">
      {next && (
        <button className="fact" type="button" onClick={() => route.goTo('expiry')}>
          <Icon name="clock" />
          {texts[me.isFrozen ? 'expiresUnspent' : 'expires'](
            next.points,
            lastDayHere(Date.parse(next.at), me.timeZone),
          )}
          <Icon name="chevron" />
        </button>
      )}
      {me.waiting && (
        <span className="fact">
          <Icon name="hourglass" />
          {texts.waiting(me.waiting.points, Date.parse(me.waiting.from))}
        </span>
      )}
      {me.held > 0 && (
        <span className="fact">
          <Icon name="bag" />
          {texts.held(me.held)}
        </span>
      )}
      {me.debt > 0 && (
        <span className="fact">
          <Icon name="notice" />
          {texts.debt(me.debt)}
        </span>
      )}
      {!next && !me.waiting && me.held === 0 && me.debt === 0 && <span className="fact">{texts.worth}</span>}
    </div>
  )
}

/** What the code cannot do, above it: customers must not find that out at the register. */
function Warning({ me, code }: { me: HeardMe; code: LiveCode }) {
  const { card: texts } = useTexts()
  if (me.isFrozen) return <FrozenNote me={me} />
  if (code.status === 'unavailable') {
    return (
      <p className="note warn" role="status">
        <Icon name="away" />
        {me.rules.redeemProof === 'signed_code' ? texts.plainEarnsOnly : texts.plain}
      </p>
    )
  }
  return null
}
