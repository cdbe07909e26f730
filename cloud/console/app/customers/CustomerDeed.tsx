import { useState } from 'react'
import type { Customer } from '../../../../shared/console/customers.ts'
import { newId } from '../../../../shared/id.ts'
import { worthKopecks } from '../../../../shared/money.ts'
import { useFormats } from '../format.ts'
import { ActDialog } from '../kit/ActDialog.tsx'
import { Field } from '../kit/Field.tsx'
import { wholeOf } from '../kit/whole.ts'
import { kitWords } from '../kit/words.ts'
import { useWords } from '../words.ts'
import { Merge } from './Merge.tsx'
import { SetStatus } from './SetStatus.tsx'
import { customerWords } from './words.ts'

export type Deed =
  | 'adjust'
  | 'freeze'
  | 'unfreeze'
  | 'consent'
  | 'advertising'
  | 'noAdvertising'
  | 'status'
  | 'merge'
  | 'unmerge'
  | 'erase'

interface Wanted {
  deed: Deed
  customer: Customer
  onClose: () => void
}

export function CustomerDeed({ deed, customer, onClose }: Wanted) {
  const texts = useWords(customerWords)
  const formats = useFormats()
  const [typed, setTyped] = useState('')
  const { card } = customer
  switch (deed) {
    case 'adjust':
      return <Adjust customer={customer} onClose={onClose} />
    case 'freeze':
      return (
        <ActDialog
          act="customer.freeze"
          title={texts.freeze}
          submit={texts.freeze}
          input={{ card }}
          onClose={onClose}
        >
          <p>{texts.freezeText}</p>
        </ActDialog>
      )
    case 'unfreeze':
      return (
        <ActDialog
          act="customer.freeze"
          title={texts.unfreeze}
          submit={texts.unfreeze}
          input={{ card, undo: true }}
          onClose={onClose}
        >
          <p>{texts.unfreezeText}</p>
        </ActDialog>
      )
    case 'consent':
      return (
        <ActDialog
          act="customer.consent"
          title={texts.recordConsent}
          submit={texts.recordConsent}
          input={typed.trim() ? { card, consent: typed } : null}
          onClose={onClose}
        >
          <Field
            title={texts.consentNote}
            hint={texts.consentHint}
            value={typed}
            onChange={setTyped}
            longest={100}
            isRequired
          />
        </ActDialog>
      )
    case 'advertising':
      return (
        <ActDialog
          act="customer.advertising"
          title={texts.takeAdvertising}
          submit={texts.takeAdvertising}
          input={typed.trim() ? { card, consent: typed } : null}
          onClose={onClose}
        >
          <Field
            title={texts.consentNote}
            hint={texts.consentHint}
            value={typed}
            onChange={setTyped}
            longest={100}
            isRequired
          />
        </ActDialog>
      )
    case 'noAdvertising':
      return (
        <ActDialog
          act="customer.advertising"
          title={texts.dropAdvertising}
          submit={texts.dropAdvertising}
          input={{ card, undo: true }}
          onClose={onClose}
        >
          <p>{texts.dropAdvertisingText}</p>
        </ActDialog>
      )
    case 'status':
      return <SetStatus customer={customer} onClose={onClose} />
    case 'merge':
      return <Merge customer={customer} onClose={onClose} />
    case 'unmerge':
      return (
        <ActDialog
          act="customer.unmerge"
          title={texts.unmerge}
          submit={texts.unmerge}
          input={typed.trim() ? { card, reason: typed } : null}
          isDangerous
          onClose={onClose}
        >
          <p>{texts.unmergeText}</p>
          <Field title={texts.reason} value={typed} onChange={setTyped} longest={100} isRequired />
        </ActDialog>
      )
    case 'erase':
      return (
        <ActDialog
          act="customer.erase"
          title={texts.erase}
          submit={texts.erase}
          input={typed.replaceAll(/\s/g, '') === card ? { card } : null}
          told={({ debtLeft }) => (
            <p>{debtLeft > 0 ? texts.debtLeft(formats.points(debtLeft)) : texts.erasedDone}</p>
          )}
          isDangerous
          onClose={onClose}
        >
          <p>{texts.eraseText}</p>
          <Field
            title={texts.eraseConfirm(formats.card(card))}
            value={typed}
            onChange={setTyped}
            longest={20}
            isRequired
          />
        </ActDialog>
      )
  }
}

function Adjust({ customer: { card, available }, onClose }: Omit<Wanted, 'deed'>) {
  const texts = useWords(customerWords)
  const { wholeNumber } = useWords(kitWords)
  const formats = useFormats()
  // The same adjustment however often it is sent.
  const [id] = useState(() => newId())
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const points = wholeOf(typed)
  const isWhole = points !== null && points !== 0 && reason.trim() !== ''
  return (
    <ActDialog
      act="customer.adjust"
      title={texts.adjust}
      submit={texts.adjust}
      input={isWhole ? { id, card, points, reason } : null}
      onClose={onClose}
    >
      <Field
        title={texts.points}
        hint={
          points
            ? texts.adjustTo(formats.points(available + points), formats.signedRouble(worthKopecks(points)))
            : texts.adjustHint
        }
        fault={typed !== '' && typed !== '-' && points === null ? wholeNumber : null}
        value={typed}
        onChange={setTyped}
        kind="number"
        longest={10}
        isRequired
      />
      <Field title={texts.reason} value={reason} onChange={setReason} longest={100} isRequired />
    </ActDialog>
  )
}
