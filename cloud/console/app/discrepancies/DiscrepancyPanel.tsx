import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { Discrepancy } from '../../../../shared/console/discrepancies.ts'
import { type Formats, useFormats } from '../format.ts'
import { ActDialog } from '../kit/ActDialog.tsx'
import { Field } from '../kit/Field.tsx'
import { Facts, Panel, Time } from '../kit/Page.tsx'
import { kitWords } from '../kit/words.ts'
import { useMay } from '../session.ts'
import { useWords } from '../words.ts'
import { discrepancyWords } from './words.ts'

/** What the cloud knows beside what was told, for whoever decides. */
export function DiscrepancyPanel({
  discrepancy,
  onClose,
}: {
  discrepancy: Discrepancy
  onClose: () => void
}) {
  const texts = useWords(discrepancyWords)
  const { close } = useWords(kitWords)
  const formats = useFormats()
  const may = useMay()
  const [isSettling, setIsSettling] = useState(false)
  const { id, kind, hold, customer, nearby, details, settlement, settleAs } = discrepancy
  const known: [string, ReactNode][] = []
  if (customer)
    known.push([
      texts.customer,
      <Link key="c" to="/customers/$id" params={{ id: String(customer.id) }}>
        {customer.firstName} {formats.card(customer.card)}
      </Link>,
    ])
  if (hold)
    known.push(
      [texts.hold, texts.holdStates[hold.state] ?? hold.state],
      [texts.points, formats.points(hold.points)],
      [texts.receipt, formats.rouble(hold.purchaseKopecks)],
      [texts.asked, <Time key="a" at={hold.askedAt} />],
      [texts.until, <Time key="u" at={hold.until} />],
    )
  if (settlement) known.push([texts.settled, settlement], [texts.by, discrepancy.settledBy])
  return (
    <Panel title={texts.one(id)} close={close} onClose={onClose}>
      <p>
        <b>{texts.kinds[kind]}</b>
      </p>
      {known.length > 0 && (
        <div>
          <h3>{texts.known}</h3>
          <Facts facts={known} />
        </div>
      )}
      {Object.keys(details).length > 0 && (
        <div>
          <h3>{texts.told}</h3>
          <Facts
            facts={Object.entries(details).map(([name, value]) => [
              texts.details[name] ?? name,
              told(name, value, formats),
            ])}
          />
        </div>
      )}
      {hold && (
        <div>
          <h3>{texts.nearby}</h3>
          {nearby.length === 0 ? (
            <p className="soft">{texts.noNearby}</p>
          ) : (
            <>
              <p className="soft">{texts.nearbyText}</p>
              <ul className="plain">
                {nearby.map(({ id, at, purchaseKopecks, receipt, store }) => (
                  <li key={id}>
                    <Time at={at} /> · <b>{formats.rouble(purchaseKopecks)}</b>
                    <span className="soft"> · {[store?.name, receipt].filter(Boolean).join(' · ')}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      )}
      {settleAs.length > 0 && may('discrepancy settle') && (
        <div className="actions">
          <button type="button" className="main" onClick={() => setIsSettling(true)}>
            {texts.settle}
          </button>
        </div>
      )}
      {isSettling && <Settle discrepancy={discrepancy} onClose={() => setIsSettling(false)} />}
    </Panel>
  )
}

function told(name: string, value: unknown, { rouble, whole, moment, card }: Formats): string {
  if (typeof value === 'number') return name.endsWith('Kopecks') ? rouble(value) : whole(value)
  if (typeof value === 'object') return JSON.stringify(value)
  const text = String(value)
  if (name === 'card') return card(text)
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? moment(text) : text
}

function Settle({
  discrepancy: { id, settleAs },
  onClose,
}: {
  discrepancy: Discrepancy
  onClose: () => void
}) {
  const texts = useWords(discrepancyWords)
  const [as, setAs] = useState<string>(settleAs.includes('released') ? 'released' : (settleAs[0] ?? 'noted'))
  const [reason, setReason] = useState('')
  const chosen = settleAs.find((each) => each === as)
  return (
    <ActDialog
      act="discrepancy.settle"
      title={texts.one(id)}
      submit={texts.settle}
      input={chosen && reason.trim() ? { id, as: chosen, reason } : null}
      onClose={onClose}
    >
      <Field
        title={texts.asTitle}
        {...(settleAs.length > 1 && { hint: texts.asHint })}
        value={as}
        onChange={setAs}
        choices={settleAs.map((value) => ({ value, title: texts.as[value] }))}
      />
      <Field title={texts.reason} value={reason} onChange={setReason} longest={100} isRequired />
    </ActDialog>
  )
}
