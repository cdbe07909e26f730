import { useState } from 'react'
import type { Customer } from '../../../../shared/console/customers.ts'
import { ActDialog } from '../kit/ActDialog.tsx'
import { startOf } from '../kit/days.ts'
import { Field } from '../kit/Field.tsx'
import { useTimeZone } from '../timeZone.ts'
import { useWords } from '../words.ts'
import { customerWords } from './words.ts'

/** A status that a person gives, until the end of a day. */
export function SetStatus({
  customer: { card, status },
  onClose,
}: {
  customer: Customer
  onClose: () => void
}) {
  const texts = useWords(customerWords)
  const all = status?.all ?? []
  const [name, setName] = useState(all.findLast((each) => each.name !== status?.name)?.name ?? '')
  const [day, setDay] = useState('')
  const [reason, setReason] = useState('')
  const until = startOf(day, useTimeZone(), 1)
  return (
    <ActDialog
      act="status.set"
      title={texts.setStatus}
      submit={texts.setStatus}
      input={name && until && reason.trim() ? { card, status: name, until, reason } : null}
      onClose={onClose}
    >
      <p>{texts.setStatusText}</p>
      <Field
        title={texts.statusField}
        value={name}
        choices={all.map(({ name, title }) => ({
          value: name,
          title: name === status?.name ? `${title} (${texts.statusNow})` : title,
        }))}
        onChange={setName}
      />
      <Field title={texts.statusUntil} kind="date" value={day} onChange={setDay} isRequired />
      <Field title={texts.reason} value={reason} onChange={setReason} longest={100} isRequired />
    </ActDialog>
  )
}
