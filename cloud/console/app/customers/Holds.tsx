import { useState } from 'react'
import type { Customer } from '../../../../shared/console/customers.ts'
import { useFormats } from '../format.ts'
import { ActDialog } from '../kit/ActDialog.tsx'
import { Field } from '../kit/Field.tsx'
import { Time } from '../kit/Page.tsx'
import { useMay } from '../session.ts'
import { useWords } from '../words.ts'
import { customerWords } from './words.ts'

type Hold = Customer['holds'][number]

/** Points that a till has taken for a discount of which nobody has said yet whether it was given. */
export function Holds({ customer: { holds } }: { customer: Customer }) {
  const texts = useWords(customerWords)
  const formats = useFormats()
  const may = useMay()
  const [settled, setSettled] = useState<Hold | null>(null)
  if (holds.length === 0) return null
  return (
    <section className="card">
      <h2>{texts.holds}</h2>
      <ul className="plain">
        {holds.map((hold) => (
          <li key={hold.id} className="actions">
            <span>
              {texts.hold(formats.points(hold.points), formats.rouble(hold.purchaseKopecks))},{' '}
              {hold.store.name}, <Time at={hold.until} />{' '}
              <span className={hold.inDoubtAt ? 'warn' : 'soft'}>
                {texts.holdStates[hold.state] ?? hold.state}
              </span>
            </span>
            <span className="rest" />
            {may('hold settle') && (
              <button type="button" onClick={() => setSettled(hold)}>
                {texts.settleHold}
              </button>
            )}
          </li>
        ))}
      </ul>
      {settled && <Settle hold={settled} onClose={() => setSettled(null)} />}
    </section>
  )
}

function Settle({ hold, onClose }: { hold: Hold; onClose: () => void }) {
  const texts = useWords(customerWords)
  const [as, setAs] = useState('released')
  const [reason, setReason] = useState('')
  return (
    <ActDialog
      act="hold.settle"
      title={texts.settleHold}
      submit={texts.settleHold}
      input={reason.trim() ? { hold: hold.id, as: as === 'applied' ? 'applied' : 'released', reason } : null}
      onClose={onClose}
    >
      <Field
        title={texts.settleHold}
        value={as}
        onChange={setAs}
        choices={[
          { value: 'released', title: texts.released },
          { value: 'applied', title: texts.applied },
        ]}
      />
      <Field title={texts.reason} value={reason} onChange={setReason} longest={100} isRequired />
    </ActDialog>
  )
}
