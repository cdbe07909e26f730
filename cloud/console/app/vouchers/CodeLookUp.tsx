import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { VoucherCode } from '../../../../shared/console/vouchers.ts'
import { useFormats } from '../format.ts'
import { Field } from '../kit/Field.tsx'
import { Chip, Facts, Panel, Time, type Tone } from '../kit/Page.tsx'
import { usePlace } from '../kit/place.ts'
import { Shown } from '../kit/Shown.tsx'
import { kitWords } from '../kit/words.ts'
import { usePosted } from '../reading.ts'
import { useMay } from '../session.ts'
import { useWords } from '../words.ts'
import { termWords } from './terms.ts'
import { VoidDialog } from './VoidDialog.tsx'
import { voucherWords } from './words.ts'

/** Where a code stands. It is worth money, and so stands in no address. */
export function CodeLookUp() {
  const texts = useWords(voucherWords)
  const { close } = useWords(kitWords)
  const [typed, setTyped] = useState('')
  const [asked, setAsked] = useState<string | null>(null)
  return (
    <>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault()
          if (typed.trim()) setAsked(typed.trim())
        }}
      >
        <Field
          title={texts.code}
          value={typed}
          onChange={setTyped}
          longest={40}
          placeholder={texts.codeExample}
        />
        <button type="submit">{texts.lookUp}</button>
      </form>
      {asked !== null && (
        <Panel title={`${texts.found} ${asked.toUpperCase()}`} close={close} onClose={() => setAsked(null)}>
          <Found key={asked} code={asked} />
        </Panel>
      )}
    </>
  )
}

function Found({ code }: { code: string }) {
  const { programme } = usePlace()
  const found = usePosted<VoucherCode>('/v1/console/vouchers/code', {
    code,
    ...(programme && { programme: Number(programme) }),
  })
  return (
    <Shown of={found} lines={3}>
      {(read) => <Standing read={read} code={code} />}
    </Shown>
  )
}

type Standing = 'void' | 'held' | 'used' | 'good'
const tones: Record<Standing, Tone> = { void: 'bad', held: 'warn', used: 'calm', good: 'good' }

function standingOf({ voidedAt, batch, held, used }: VoucherCode): Standing {
  if (voidedAt !== null || batch.voidedAt !== null) return 'void'
  if (held > 0) return 'held'
  return used >= batch.terms.uses_per_code ? 'used' : 'good'
}

function Standing({ read, code }: { read: VoucherCode; code: string }) {
  const texts = useWords(voucherWords)
  const { asOf } = useWords(kitWords)
  const said = useWords(termWords)
  const formats = useFormats()
  const may = useMay()
  const [isVoiding, setIsVoiding] = useState(false)
  const { batch, owner, redemptions } = read
  const standing = standingOf(read)
  const isOfTime = standing === 'good' && batch.state !== 'active'
  const customer = ({ id, card }: { id: number; card: string }) => (
    <Link to="/customers/$id" params={{ id: String(id) }}>
      {formats.card(card)}
    </Link>
  )
  const facts: [string, ReactNode][] = [
    [
      texts.state,
      <Chip key="s" tone={isOfTime ? 'calm' : tones[standing]}>
        {isOfTime ? texts.states[batch.state] : texts.standing[standing]}
      </Chip>,
    ],
    [
      texts.batch,
      <Link key="b" to="/vouchers" search={{ open: String(batch.id) }}>
        {texts.one(batch.id, batch.title)}
      </Link>,
    ],
    [texts.gives, said.gives(batch.terms)],
    [texts.owner, owner ? customer(owner) : texts.anybody],
  ]
  return (
    <>
      <Facts facts={facts} />
      <div>
        <h3>{texts.redemptions}</h3>
        {redemptions.length === 0 ? (
          <p className="soft">{texts.noRedemptions}</p>
        ) : (
          <ul className="plain">
            {redemptions.map(
              ({ id, at, customer: who, store, register, state, isReturned, voucherKopecks }) => (
                <li key={id}>
                  <Time at={at} /> · {customer(who)} ·{' '}
                  {[store.name, register?.name].filter(Boolean).join(', ')} ·{' '}
                  <b>{formats.rouble(voucherKopecks)}</b>{' '}
                  <span className="soft">
                    {texts.redemptionStates[state] ?? state}
                    {isReturned && `, ${texts.returned}`}
                  </span>{' '}
                  <Link to="/customers/$id" params={{ id: String(who.id) }} search={{ operation: id }}>
                    {texts.operation}
                  </Link>
                </li>
              ),
            )}
          </ul>
        )}
      </div>
      <div className="actions">
        {standing !== 'void' && may('voucher void') && (
          <button type="button" onClick={() => setIsVoiding(true)}>
            {texts.voidCode}
          </button>
        )}
        <span className="soft">{asOf(formats.time(read.asOf))}</span>
      </div>
      {isVoiding && <VoidDialog batch={batch.id} code={code} onClose={() => setIsVoiding(false)} />}
    </>
  )
}
