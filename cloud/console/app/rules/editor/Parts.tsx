import { newId } from '../../../../../shared/id.ts'
import { statusTermsSchema } from '../../../../../shared/rules/status.ts'
import { CheckField, Field } from '../../kit/Field.tsx'
import { useWords } from '../../words.ts'
import {
  type BookField,
  budgetFields,
  limitsFields,
  monthsFields,
  periodTypes,
  purchasesFields,
  referralFields,
  statusFields,
  termsFields,
} from '../fields.ts'
import type { Fault, Written } from '../rule/draft.ts'
import { useFaultText } from '../rule/useFaultText.ts'
import { ruleWords } from '../words.ts'
import { BookFields } from './BookFields.tsx'
import { type BookDraft, newBudget, newReferral, newStatus } from './draft.ts'
import { bookEditorWords } from './words.ts'

interface Wanted {
  draft: BookDraft
  faultAt: (path: string) => Fault | undefined
  onChange: (change: Partial<BookDraft>) => void
}

/** From the lowest to the highest, and by what they are reached and lost. */
export function Statuses({ draft: { statuses, status_terms: terms }, faultAt, onChange }: Wanted) {
  const texts = useWords(bookEditorWords)
  const setTerms = (status_terms: Written) => onChange({ status_terms })
  const unit = terms.metric === 'net_purchases' ? 'kopecks' : null
  const order = useFaultText()(faultAt('statuses'), 'statuses')
  return (
    <>
      <Items
        part="statuses"
        items={statuses}
        fields={statusFields}
        units={{ from: unit, keep: unit }}
        begin={newStatus}
        faultAt={faultAt}
        onChange={(statuses) => onChange({ statuses })}
      />
      {order && (
        <p className="problem" role="alert">
          {order}
        </p>
      )}
      {statuses.length > 0 && (
        <>
          <h3>{texts.statusTerms}</h3>
          <Period
            value={(terms.period ?? {}) as Written}
            fault={faultAt('status_terms.period.months')}
            onChange={(period) => setTerms({ ...terms, period })}
          />
          <BookFields
            fields={termsFields}
            value={terms}
            faultAt={(name) => faultAt(`status_terms.${name}`)}
            onChange={setTerms}
          />
        </>
      )}
    </>
  )
}

interface PeriodWanted {
  value: Written
  fault: Fault | undefined
  onChange: (period: Written) => void
}

function Period({ value, fault, onChange }: PeriodWanted) {
  const about = useWords(ruleWords)
  return (
    <div className="fields">
      <Field
        title={about.fields.period ?? 'Period'}
        value={String(value.type)}
        choices={periodTypes.map((type) => ({
          value: type,
          title: about.values[type] ?? type.replaceAll('_', ' '),
        }))}
        onChange={(type) => onChange(statusTermsSchema.shape.period.parse({ type }))}
      />
      {value.type === 'rolling_months' && (
        <BookFields fields={monthsFields} value={value} faultAt={() => fault} onChange={onChange} />
      )}
    </div>
  )
}

export function Budgets({ draft: { budgets }, faultAt, onChange }: Wanted) {
  return (
    <Items
      part="budgets"
      items={budgets}
      fields={budgetFields}
      begin={newBudget}
      faultAt={faultAt}
      onChange={(budgets) => onChange({ budgets })}
    />
  )
}

/** What one customer may have in a day. */
export function Limits({ draft: { limits }, faultAt, onChange }: Wanted) {
  const of = 'purchases_per_customer_day'
  return (
    <>
      <BookFields
        fields={limitsFields}
        value={limits}
        faultAt={(name) => faultAt(`limits.${name}`)}
        onChange={(limits) => onChange({ limits })}
      />
      <BookFields
        fields={purchasesFields}
        value={(limits[of] ?? {}) as Written}
        faultAt={(name) => faultAt(`limits.${of}.${name}`)}
        onChange={(purchases) => {
          const isSaid = Object.values(purchases).some((bound) => bound !== undefined)
          onChange({ limits: { ...limits, [of]: isSaid ? purchases : undefined } })
        }}
      />
    </>
  )
}

export function Referral({ draft: { referral }, faultAt, onChange }: Wanted) {
  const texts = useWords(bookEditorWords)
  return (
    <>
      <CheckField
        title={texts.rewardsFriends}
        value={referral !== null}
        onChange={(isOn) => onChange({ referral: isOn ? newReferral : null })}
      />
      {referral && (
        <BookFields
          fields={referralFields}
          value={referral}
          faultAt={(name) => faultAt(`referral.${name}`)}
          onChange={(referral) => onChange({ referral })}
        />
      )}
    </>
  )
}

interface ItemsWanted {
  part: 'statuses' | 'budgets'
  items: Written[]
  fields: readonly BookField[]
  units?: Record<string, string | null>
  begin: (mark: string) => Written
  faultAt: (path: string) => Fault | undefined
  onChange: (items: Written[]) => void
}

/** A form for each of a list, and one more. */
function Items({ part, items, fields, units, begin, faultAt, onChange }: ItemsWanted) {
  const texts = useWords(bookEditorWords)
  return (
    <>
      {items.length === 0 && <p className="soft">{texts.without[part]}</p>}
      {items.map((item, place) => {
        const title = String(item.title || texts.untitled)
        return (
          <fieldset key={String(item.id ?? item.name)} className="rule stack">
            <legend>{title}</legend>
            <BookFields
              fields={fields}
              value={item}
              {...(units && { units })}
              faultAt={(name) => faultAt(`${part}.${place}.${name}`)}
              onChange={(changed) => onChange(items.with(place, changed))}
            />
            <div className="actions">
              <button
                type="button"
                aria-label={`${texts.deeds.remove}: ${title}`}
                onClick={() => onChange(items.toSpliced(place, 1))}
              >
                {texts.deeds.remove}
              </button>
            </div>
          </fieldset>
        )
      })}
      <div className="actions">
        <button type="button" onClick={() => onChange([...items, begin(newId().slice(-4))])}>
          {texts.addTo[part]}
        </button>
      </div>
    </>
  )
}
