import { useState } from 'react'
import type { z } from 'zod'
import type { Customer, customersSchema } from '../../../../shared/console/customers.ts'
import { useFormats } from '../format.ts'
import { ActDialog } from '../kit/ActDialog.tsx'
import { Field } from '../kit/Field.tsx'
import { Facts } from '../kit/Page.tsx'
import { Shown } from '../kit/Shown.tsx'
import { useReading } from '../reading.ts'
import { useWords } from '../words.ts'
import { planOf } from './mergePlan.ts'
import { customerWords } from './words.ts'

/** A lost card and a new one, side by side, with what will move; nothing moves before it is pressed. */
export function Merge({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const texts = useWords(customerWords)
  const [typed, setTyped] = useState('')
  const [asked, setAsked] = useState<string | null>(null)
  const [kept, setKept] = useState<number>(customer.id)
  const [reason, setReason] = useState('')
  const list = useReading<z.infer<typeof customersSchema>>(
    '/v1/console/customers',
    { q: asked ?? '', programme: customer.programme.id },
    { isOn: asked !== null },
  )
  const found = list.data?.customers.find((one) => one.found?.by === 'card')
  const reading = useReading<Customer>(
    `/v1/console/customers/${found?.id}`,
    {},
    { isOn: found !== undefined && found.id !== customer.id },
  )
  const other = found && reading.data?.id === found.id ? reading.data : null
  const plan = other && planOf(customer, other, kept)
  const isReady = plan !== null && plan.problem === null && reason.trim() !== ''
  return (
    <ActDialog
      act="customer.merge"
      title={texts.merge}
      submit={texts.merge}
      input={isReady ? { card: plan.stays.card, other: plan.goes.card, reason } : null}
      isDangerous
      onClose={onClose}
    >
      <p>{texts.mergeText}</p>
      <div className="line-form">
        <Field
          title={texts.otherCard}
          value={typed}
          longest={20}
          isRequired
          onChange={(text) => {
            setTyped(text)
            setAsked(null)
          }}
        />
        <button type="button" onClick={() => typed.trim() && setAsked(typed.trim())}>
          {texts.findOther}
        </button>
      </div>
      {asked !== null && (
        <Shown of={list} lines={2}>
          {() =>
            found === undefined ? (
              <p className="fault">{texts.otherNone}</p>
            ) : found.id === customer.id ? (
              <p className="fault">{texts.otherSame}</p>
            ) : (
              <Shown of={reading} lines={2}>
                {() => other && <Sides {...{ customer, other, kept }} onKeep={setKept} />}
              </Shown>
            )
          }
        </Shown>
      )}
      <Field title={texts.reason} value={reason} onChange={setReason} longest={100} isRequired />
    </ActDialog>
  )
}

function Sides({
  customer,
  other,
  kept,
  onKeep,
}: {
  customer: Customer
  other: Customer
  kept: number
  onKeep: (id: number) => void
}) {
  const texts = useWords(customerWords)
  const formats = useFormats()
  const plan = planOf(customer, other, kept)
  const { stays, goes, problem } = plan
  const points = goes.available + (goes.waiting?.points ?? 0)
  return (
    <>
      <Field
        title={texts.keptCard}
        {...(!plan.isChoice && { hint: texts.keptTelegram })}
        value={String(stays.id)}
        choices={(plan.isChoice ? [customer, other] : [stays]).map(({ id, card, firstName }) => ({
          value: String(id),
          title: `${formats.card(card)} ${firstName ?? texts.noName}`,
        }))}
        onChange={(id) => onKeep(Number(id))}
      />
      <div className="sides">
        <Side of={goes} role={texts.replacedBy} />
        <Side of={stays} role={texts.stays} />
      </div>
      <p className={problem ? 'fault' : undefined} role="status">
        {problem
          ? texts[problem]
          : texts.willMove(formats.points(points), goes.debt > 0 ? formats.points(goes.debt) : null)}
      </p>
    </>
  )
}

function Side({ of: customer, role }: { of: Customer; role: string }) {
  const texts = useWords(customerWords)
  const formats = useFormats()
  const { card, firstName, available, waiting, held, debt, telegram, facts } = customer
  return (
    <section className="card" aria-label={`${formats.card(card)} ${role}`}>
      <h3>
        {formats.card(card)} <span className="soft">{role}</span>
      </h3>
      <Facts
        facts={[
          [texts.name, firstName ?? texts.noName],
          [texts.available, formats.whole(available)],
          ...(waiting ? [[texts.waiting, formats.whole(waiting.points)] as [string, string]] : []),
          ...(held > 0 ? [[texts.held, formats.whole(held)] as [string, string]] : []),
          ...(debt > 0 ? [[texts.debt, formats.whole(debt)] as [string, string]] : []),
          [texts.purchases, formats.whole(facts.purchases)],
          [texts.last, facts.lastPurchaseAt ? formats.day(facts.lastPurchaseAt) : '—'],
          [texts.telegram, telegram ? (texts.telegrams[telegram] ?? telegram) : texts.noTelegram],
        ]}
      />
    </section>
  )
}
