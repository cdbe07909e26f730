import { useEffect } from 'react'
import type { HeardMe } from '../../../shared/me.ts'
import { type HeardMyVoucher, isToShow } from '../../../shared/myVoucher.ts'
import { usePortal, usePortalState, useTexts } from '../portal.ts'
import { route } from '../route.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { Empty } from '../ui/Empty.tsx'
import { FrozenNote } from '../ui/FrozenNote.tsx'
import { Icon } from '../ui/Icon.tsx'
import './sheet.css'
import './vouchers.css'

/** What was given to the customer alone: what can be shown to a till, and apart from it what is over. */
export function Vouchers({ me }: { me: HeardMe }) {
  const portal = usePortal()
  const { vouchers: texts, problems, loading, close } = useTexts()
  const vouchers = usePortalState(({ vouchers }) => vouchers)
  const trouble = usePortalState(({ trouble }) => trouble)
  useEffect(() => void portal.loadVouchers(), [portal])
  const present = vouchers?.filter(({ state }) => isToShow(state)) ?? []
  const past = vouchers?.filter(({ state }) => !isToShow(state)) ?? []
  return (
    <Dialog className="sheet vouchers" label={texts.title}>
      <h2>{texts.title}</h2>
      {trouble && (
        <p className="note warn" role="alert">
          <Icon name="away" />
          {problems[trouble].title}. {problems[trouble].next}
        </p>
      )}
      {me.isFrozen && <FrozenNote me={me} more={texts.frozen} />}
      {!vouchers && !trouble && <p role="status">{loading}</p>}
      {vouchers && present.length === 0 && <Empty icon="ticket" title={texts.empty} next={texts.emptyNext} />}
      {present.length > 0 && (
        <ul>
          {present.map((voucher) => (
            <Present key={voucher.id} voucher={voucher} isFrozen={me.isFrozen} />
          ))}
        </ul>
      )}
      {past.length > 0 && (
        <section>
          <h3>{texts.past}</h3>
          <ul className="panel past-vouchers">
            {past.map((voucher) => (
              <Past key={voucher.id} voucher={voucher} />
            ))}
          </ul>
        </section>
      )}
      <button className="button" type="button" onClick={route.back}>
        {close}
      </button>
    </Dialog>
  )
}

function Present({ voucher, isFrozen }: { voucher: HeardMyVoucher; isFrozen: boolean }) {
  const { vouchers: texts } = useTexts()
  const { id, code, state, terms } = voucher
  const gives = texts.gives(terms)
  const said = (
    <>
      <b className="voucher-gives">{gives}</b>
      {terms.title !== gives && <span className="voucher-title">{terms.title}</span>}
      <Terms voucher={voucher} />
      {state !== 'good' && <span className="voucher-state">{texts.state(state)}</span>}
    </>
  )
  if (code === null || isFrozen)
    return (
      <li className="voucher">
        <span className="voucher-words">{said}</span>
        {code === null && state !== 'held' && <p className="details">{texts.noCode}</p>}
      </li>
    )
  return (
    <li className="voucher">
      <button type="button" onClick={() => route.cover('voucher', id)}>
        <span className="voucher-words">{said}</span>
        <span className="unseen">{texts.show}</span>
        <Icon name="code" />
      </button>
    </li>
  )
}

export function Terms({ voucher: { terms, stores, usesLeft } }: { voucher: HeardMyVoucher }) {
  const { vouchers: texts } = useTexts()
  const conditions = [
    ...texts.conditions(terms),
    ...(stores ? [texts.where(stores)] : []),
    ...(usesLeft > 1 ? [texts.usesLeft(usesLeft)] : []),
  ]
  return conditions.map((condition) => (
    <span className="voucher-condition" key={condition}>
      {condition}
    </span>
  ))
}

function Past({ voucher: { state, terms, usedAt } }: { voucher: HeardMyVoucher }) {
  const { vouchers: texts } = useTexts()
  return (
    <li className="row">
      <div>
        <p className="what">{texts.gives(terms)}</p>
        <p className="details">
          {state === 'used' && usedAt !== null ? texts.usedOn(Date.parse(usedAt)) : texts.state(state)}
        </p>
      </div>
    </li>
  )
}
