import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Stores as Listed } from '../../../../shared/console/places.ts'
import { addressOf } from '../api.ts'
import { useFormats } from '../format.ts'
import { ActDialog } from '../kit/ActDialog.tsx'
import { Field } from '../kit/Field.tsx'
import { Page } from '../kit/Page.tsx'
import { Pager } from '../kit/Pager.tsx'
import { usePlace } from '../kit/place.ts'
import { Empty, Shown } from '../kit/Shown.tsx'
import { type Column, Table } from '../kit/Table.tsx'
import { useReading } from '../reading.ts'
import { useMay, useSession } from '../session.ts'
import { useWords } from '../words.ts'
import { storeWords } from './words.ts'

type Store = Listed['stores'][number]

const PATH = '/v1/console/stores'

/** Where the programme is, and when it is open. */
export function Stores() {
  const texts = useWords(storeWords)
  const formats = useFormats()
  const may = useMay()
  const { readings } = useSession()
  const { programme } = usePlace()
  const list = useReading<Listed>(PATH, { programme })
  const [isAdding, setIsAdding] = useState(false)
  const [changed, setChanged] = useState<Store | null>(null)
  const columns: Column<Store>[] = [
    { name: 'name', title: texts.name, isWide: true, cell: ({ name }) => <b>{name}</b> },
    { name: 'id', title: texts.number, isNumber: true, cell: ({ id }) => <span className="soft">{id}</span> },
    {
      name: 'hours',
      title: texts.hours,
      cell: ({ hours }) =>
        hours ? (
          `${hours.opensAt} – ${hours.closesAt}, ${hours.timeZone}`
        ) : (
          <span className="warn" title={texts.noHoursText}>
            {texts.noHours}
          </span>
        ),
    },
    {
      name: 'registers',
      title: texts.registers,
      isNumber: true,
      cell: ({ id, registers }) =>
        readings.includes('registers') ? (
          <Link to="/registers" search={{ store: String(id) }}>
            {registers}
          </Link>
        ) : (
          registers
        ),
    },
    {
      name: 'silent',
      title: texts.silent,
      isNumber: true,
      cell: ({ silent }) => (silent > 0 ? <span className="warn">{silent}</span> : '0'),
    },
    {
      name: 'customers',
      title: texts.customers,
      isNumber: true,
      cell: ({ customers }) => formats.whole(customers),
    },
    {
      name: 'created',
      title: texts.created,
      cell: ({ createdAt }) => <span className="line">{formats.day(createdAt)}</span>,
    },
  ]
  if (may('store hours'))
    columns.push({
      name: 'change',
      title: texts.setHours,
      isUntitled: true,
      cell: (store) => (
        <button type="button" className="link" onClick={() => setChanged(store)}>
          {texts.setHours}
        </button>
      ),
    })
  return (
    <Page
      title={texts.title}
      actions={
        may('store add') && (
          <button type="button" className="main" onClick={() => setIsAdding(true)}>
            {texts.add}
          </button>
        )
      }
    >
      <Shown of={list}>
        {({ stores, asOf }) =>
          stores.length === 0 ? (
            <Empty title={texts.none}>{texts.noneText}</Empty>
          ) : (
            <>
              <Table label={texts.list} columns={columns} rows={stores} keyOf={({ id }) => id} />
              <Pager asOf={asOf} csv={addressOf(PATH, { programme, format: 'csv' })} />
            </>
          )
        }
      </Shown>
      {isAdding && <AddStore programme={programme} onClose={() => setIsAdding(false)} />}
      {changed && <Hours store={changed} onClose={() => setChanged(null)} />}
    </Page>
  )
}

function AddStore({ programme, onClose }: { programme: string | undefined; onClose: () => void }) {
  const texts = useWords(storeWords)
  const [name, setName] = useState('')
  return (
    <ActDialog
      act="store.add"
      title={texts.add}
      submit={texts.add}
      input={name.trim() ? { name, ...(programme && { programme }) } : null}
      onClose={onClose}
    >
      <Field title={texts.name} value={name} onChange={setName} longest={100} isRequired />
    </ActDialog>
  )
}

function Hours({ store: { id, name, hours }, onClose }: { store: Store; onClose: () => void }) {
  const texts = useWords(storeWords)
  const [from, setFrom] = useState(hours?.opensAt ?? '09:00')
  const [to, setTo] = useState(hours?.closesAt ?? '21:00')
  const [zone, setZone] = useState(hours?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone)
  const isWhole = from !== '' && to !== '' && zone.trim() !== ''
  return (
    <ActDialog
      act="store.hours"
      title={texts.hoursOf(name)}
      submit={texts.save}
      input={isWhole ? { store: String(id), from, to, zone } : null}
      onClose={onClose}
    >
      <p>{texts.hoursText}</p>
      <Field title={texts.from} value={from} onChange={setFrom} kind="time" isRequired />
      <Field title={texts.to} value={to} onChange={setTo} kind="time" isRequired />
      <Field title={texts.zone} value={zone} onChange={setZone} longest={60} isRequired />
    </ActDialog>
  )
}
