import { useState } from 'react'
import type { Customer } from '../../../../shared/console/customers.ts'
import { newId } from '../../../../shared/id.ts'
import { worthKopecks } from '../../../../shared/money.ts'
import type { ActInput, ActPath } from '../acts.ts'
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
  | 'takeStaff'
  | 'dropStaff'
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
  const { card } = customer
  switch (deed) {
    case 'adjust':
      return <Adjust customer={customer} onClose={onClose} />
    case 'freeze':
      return (
        <Sure
          act="customer.freeze"
          title={texts.freeze}
          text={texts.freezeText}
          input={{ card }}
          onClose={onClose}
        />
      )
    case 'unfreeze':
      return (
        <Sure
          act="customer.freeze"
          title={texts.unfreeze}
          text={texts.unfreezeText}
          input={{ card, undo: true }}
          onClose={onClose}
        />
      )
    case 'consent':
      return (
        <Consented act="customer.consent" title={texts.recordConsent} customer={customer} onClose={onClose} />
      )
    case 'advertising':
      return (
        <Consented
          act="customer.advertising"
          title={texts.takeAdvertising}
          customer={customer}
          onClose={onClose}
        />
      )
    case 'noAdvertising':
      return (
        <Sure
          act="customer.advertising"
          title={texts.dropAdvertising}
          text={texts.dropAdvertisingText}
          input={{ card, undo: true }}
          onClose={onClose}
        />
      )
    case 'takeStaff':
      return (
        <Sure
          act="customer.staff"
          title={texts.takeStaff}
          text={texts.takeStaffText}
          input={{ card }}
          onClose={onClose}
        />
      )
    case 'dropStaff':
      return (
        <Sure
          act="customer.staff"
          title={texts.dropStaff}
          text={texts.dropStaffText}
          input={{ card, not: true }}
          onClose={onClose}
        />
      )
    case 'status':
      return <SetStatus customer={customer} onClose={onClose} />
    case 'merge':
      return <Merge customer={customer} onClose={onClose} />
    case 'unmerge':
      return <Unmerge customer={customer} onClose={onClose} />
    case 'erase':
      return <Erase customer={customer} onClose={onClose} />
  }
}

interface Asked<Path extends ActPath> {
  act: Path
  title: string
  onClose: () => void
}

/** An act without any input: it is only confirmed. */
function Sure<Path extends ActPath>(wanted: Asked<Path> & { text: string; input: ActInput<Path> }) {
  const { title, text, ...asked } = wanted
  return (
    <ActDialog {...asked} title={title} submit={title}>
      <p>{text}</p>
    </ActDialog>
  )
}

/** A consent that was given outside of Telegram, and how. */
function Consented(wanted: Asked<'customer.consent' | 'customer.advertising'> & Pick<Wanted, 'customer'>) {
  const { title, customer, ...asked } = wanted
  const texts = useWords(customerWords)
  const [note, setNote] = useState('')
  const input = note.trim() ? { card: customer.card, consent: note } : null
  return (
    <ActDialog {...asked} title={title} submit={title} input={input}>
      <Field
        title={texts.consentNote}
        hint={texts.consentHint}
        value={note}
        onChange={setNote}
        longest={100}
        isRequired
      />
    </ActDialog>
  )
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

function Unmerge({ customer: { card }, onClose }: Omit<Wanted, 'deed'>) {
  const texts = useWords(customerWords)
  const [reason, setReason] = useState('')
  return (
    <ActDialog
      act="customer.unmerge"
      title={texts.unmerge}
      submit={texts.unmerge}
      input={reason.trim() ? { card, reason } : null}
      isDangerous
      onClose={onClose}
    >
      <p>{texts.unmergeText}</p>
      <Field title={texts.reason} value={reason} onChange={setReason} longest={100} isRequired />
    </ActDialog>
  )
}

/** The card is typed once more, because nothing brings an erased person back. */
function Erase({ customer: { card }, onClose }: Omit<Wanted, 'deed'>) {
  const texts = useWords(customerWords)
  const formats = useFormats()
  const [typed, setTyped] = useState('')
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
