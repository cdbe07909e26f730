import { useState } from 'react'
import type { ProgrammeSettings } from '../../../../shared/console/places.ts'
import type { ActInput } from '../acts.ts'
import { useFormats } from '../format.ts'
import { ActDialog } from '../kit/ActDialog.tsx'
import { Field } from '../kit/Field.tsx'
import { Shown } from '../kit/Shown.tsx'
import { numberOf, scaleOf } from '../kit/specs.ts'
import { type Column, Table } from '../kit/Table.tsx'
import { kitWords } from '../kit/words.ts'
import { useReading } from '../reading.ts'
import { useMay } from '../session.ts'
import { useWords } from '../words.ts'
import { Freeze } from './Freeze.tsx'
import { ruleWords } from './words.ts'

type Setting = ProgrammeSettings['settings'][number]

/** By what the programme is run beside its rules. */
export function Settings({ programme }: { programme: string | undefined }) {
  const texts = useWords(ruleWords)
  const said = useSaidValue()
  const may = useMay()
  const list = useReading<ProgrammeSettings>('/v1/console/settings', { programme })
  const [changed, setChanged] = useState<Setting | null>(null)
  const columns: Column<Setting>[] = [
    {
      name: 'key',
      title: texts.setting,
      isWide: true,
      cell: ({ key }) => texts.settings[key] ?? key.replaceAll('_', ' '),
    },
    {
      name: 'value',
      title: texts.value,
      isNumber: true,
      cell: ({ key, value, byDefault }) =>
        value === byDefault ? said(value, key) : <b>{said(value, key)}</b>,
    },
    {
      name: 'default',
      title: texts.byDefault,
      isNumber: true,
      cell: ({ key, byDefault }) => <span className="soft">{said(byDefault, key)}</span>,
    },
    {
      name: 'bounds',
      title: texts.bounds,
      cell: ({ key, min, max, choices }) => (
        <span className="soft">
          {choices
            ? choices.map((choice) => said(choice, key)).join(', ')
            : min !== null && max !== null
              ? texts.range(said(min, key), said(max, key))
              : ''}
        </span>
      ),
    },
  ]
  if (may('settings set'))
    columns.push({
      name: 'change',
      title: texts.change,
      isUntitled: true,
      cell: (setting) => (
        <button type="button" className="link" onClick={() => setChanged(setting)}>
          {texts.change}
        </button>
      ),
    })
  return (
    <>
      <p className="soft">{texts.settingsText}</p>
      <Shown of={list} lines={12}>
        {({ settings, frozenSince }) => (
          <>
            <Freeze since={frozenSince} programme={programme} />
            <Table label={texts.parts.settings} columns={columns} rows={settings} keyOf={({ key }) => key} />
          </>
        )}
      </Shown>
      {changed && <Change setting={changed} programme={programme} onClose={() => setChanged(null)} />}
    </>
  )
}

const isMoney = (key: string) => key.endsWith('_kopecks')

function useSaidValue() {
  const texts = useWords(ruleWords)
  const formats = useFormats()
  return (value: Setting['value'], key: string): string => {
    if (typeof value !== 'number') return texts.choices[value] ?? value
    return isMoney(key) ? formats.rouble(value) : formats.whole(value)
  }
}

type Key = ActInput<'settings.set'>['key']

function Change({
  setting: { key, value, choices, min, max },
  programme,
  onClose,
}: {
  setting: Setting
  programme: string | undefined
  onClose: () => void
}) {
  const texts = useWords(ruleWords)
  const { wholeNumber, sum } = useWords(kitWords)
  const said = useSaidValue()
  // Money is typed as it is read, in roubles.
  const scale = scaleOf({ unit: isMoney(key) ? 'kopecks' : null })
  const [typed, setTyped] = useState(() =>
    typeof value === 'number' ? String(value / scale).replace('.', ',') : value,
  )
  const number = numberOf(typed, scale)
  const isWord = choices?.some((choice) => typeof choice === 'string') ?? false
  const wanted = isWord ? typed : number
  return (
    <ActDialog
      act="settings.set"
      title={texts.settings[key] ?? key}
      submit={texts.save}
      input={
        wanted === null
          ? null
          : // The cloud says which settings there are; the act refuses what is none.
            {
              key: key as Key,
              value: wanted as ActInput<'settings.set'>['value'],
              ...(programme && { programme }),
            }
      }
      onClose={onClose}
    >
      <Field
        title={isMoney(key) ? `${texts.value}, ₽` : texts.value}
        value={typed}
        onChange={setTyped}
        kind="number"
        longest={12}
        isRequired
        fault={wanted === null ? (isMoney(key) ? sum : wholeNumber) : null}
        {...(min !== null && max !== null && { hint: texts.range(said(min, key), said(max, key)) })}
        {...(choices && {
          choices: choices.map((choice) => ({
            value: String(choice),
            title: texts.choices[choice] ?? String(choice),
          })),
        })}
      />
    </ActDialog>
  )
}
