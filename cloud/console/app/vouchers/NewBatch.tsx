import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { z } from 'zod'
import type { segmentsSchema } from '../../../../shared/console/segments.ts'
import { useFormats } from '../format.ts'
import { ActDialog } from '../kit/ActDialog.tsx'
import { Checks, Field } from '../kit/Field.tsx'
import { usePlace } from '../kit/place.ts'
import type { FieldSpec } from '../kit/specs.ts'
import { useReading } from '../reading.ts'
import { useChoices } from '../segments/choices.ts'
import { useWords } from '../words.ts'
import { audiences, batchOf, gifts, mostOf, newForm, type Typed } from './batchForm.ts'
import { termWords } from './terms.ts'
import { voucherWords } from './words.ts'
import './vouchers.css'

/** What the codes give, when and where they are good, and for whom they are made. */
export function NewBatch({ onClose }: { onClose: () => void }) {
  const texts = useWords(voucherWords)
  const said = useWords(termWords)
  const formats = useFormats()
  const { programme } = usePlace()
  const { ids: stores } = useChoices()
  const [form, setForm] = useState(newForm)
  const set = (changes: Partial<typeof form>) => setForm({ ...form, ...changes })
  const batch = batchOf(form)
  const most = batch && mostOf(batch)
  const choicesOf = (kinds: ReadonlyMap<string, unknown>, titles: Record<string, string>) =>
    [...kinds.keys()].map((value) => ({ value, title: titles[value] ?? value }))
  return (
    <ActDialog
      act="voucher.add"
      title={texts.newTitle}
      submit={texts.make}
      input={batch && { batch, ...(programme && { programme }) }}
      told={({ batchId }) => (
        <p>
          {texts.made2(batchId)}{' '}
          <Link to="/vouchers" search={{ open: String(batchId) }} onClick={onClose}>
            {texts.take}
          </Link>
        </p>
      )}
      onClose={onClose}
    >
      <Field
        title={texts.nameField}
        hint={texts.nameHint}
        value={form.title}
        onChange={(title) => set({ title })}
        longest={200}
        isRequired
      />
      <Field
        title={texts.kind}
        value={form.gives}
        choices={choicesOf(gifts, texts.kinds)}
        onChange={(gives) => set({ gives, given: {} })}
      />
      <div className="pair">
        <KindFields
          fields={gifts.get(form.gives) ?? []}
          typed={form.given}
          onChange={(given) => set({ given })}
        />
      </div>
      <Field
        title={texts.audience}
        value={form.audience}
        choices={choicesOf(audiences, texts.audiences)}
        onChange={(audience) => set({ audience, meant: audience === 'bearer' ? newForm.meant : {} })}
      />
      <KindFields
        fields={audiences.get(form.audience) ?? []}
        typed={form.meant}
        onChange={(meant) => set({ meant })}
      />
      <div className="pair">
        <Field title={texts.from} kind="date" value={form.from} onChange={(from) => set({ from })} />
        <Field title={texts.untilField} kind="date" value={form.until} onChange={(until) => set({ until })} />
        <Field
          title={texts.minPurchase}
          kind="number"
          value={form.minPurchase}
          onChange={(minPurchase) => set({ minPurchase })}
        />
        <Field
          title={texts.withPoints}
          value={form.withPoints}
          choices={Object.entries(texts.withPointsOf).map(([value, title]) => ({ value, title }))}
          onChange={(withPoints) => set({ withPoints })}
        />
        <Field
          title={texts.uses}
          kind="number"
          value={form.usesPerCode}
          onChange={(usesPerCode) => set({ usesPerCode })}
        />
        <Field
          title={texts.perCustomer}
          kind="number"
          value={form.usesPerCustomer}
          onChange={(usesPerCustomer) => set({ usesPerCustomer })}
        />
      </div>
      <Field
        title={texts.refund}
        value={form.onRefund}
        choices={(['give_back', 'keep'] as const).map((value) => ({ value, title: texts.refunds[value] }))}
        onChange={(onRefund) => set({ onRefund })}
      />
      {stores.length > 1 && (
        <Checks
          title={texts.storesField}
          hint={texts.storesHint}
          values={form.stores}
          choices={stores}
          onChange={(stores) => set({ stores })}
        />
      )}
      {batch && (
        <div className="note" role="status">
          <b>{said.gives(batch)}</b> {said.conditions(batch).join(' · ')}
          {most !== null && <p className="soft">{texts.most(formats.roubles(most))}</p>}
        </div>
      )}
    </ActDialog>
  )
}

function KindFields({
  fields,
  typed,
  onChange,
}: {
  fields: readonly FieldSpec[]
  typed: Typed
  onChange: (typed: Typed) => void
}) {
  const texts = useWords(voucherWords)
  return fields.map((field) => {
    const { name, unit } = field
    const wanted = {
      value: typed[name] ?? '',
      onChange: (value: string) => onChange({ ...typed, [name]: value }),
    }
    if (field.kind === 'list')
      return <Field key={name} title={texts.cards} hint={texts.cardsHint} rows={4} isRequired {...wanted} />
    if (name === 'segment') return <SegmentField key={name} {...wanted} />
    return (
      <Field
        key={name}
        title={[texts.fields[name] ?? name, unit && texts.units[unit]].filter(Boolean).join(', ')}
        kind={field.kind === 'number' ? 'number' : 'text'}
        longest={field.kind === 'text' ? (field.longest ?? 100) : 12}
        isRequired={!field.isOptional}
        {...wanted}
      />
    )
  })
}

interface SegmentWanted {
  value: string
  onChange: (value: string) => void
}

function SegmentField({ value, onChange }: SegmentWanted) {
  const texts = useWords(voucherWords)
  const formats = useFormats()
  const { programme } = usePlace()
  const { data } = useReading<z.infer<typeof segmentsSchema>>('/v1/console/segments', {
    programme,
    limit: 200,
  })
  const choices = (data?.segments ?? []).map(({ name, title, members }) => ({
    value: name,
    title: `${title}: ${formats.whole(members)}`,
  }))
  return (
    <Field
      title={texts.segment}
      hint={texts.segmentHint}
      value={value}
      choices={[{ value: '', title: '—' }, ...choices]}
      onChange={onChange}
      isRequired
    />
  )
}
