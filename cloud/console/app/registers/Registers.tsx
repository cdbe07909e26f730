import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Registers as Listed } from '../../../../shared/console/places.ts'
import { addressOf } from '../api.ts'
import { useFormats } from '../format.ts'
import { useAddress } from '../kit/address.ts'
import { Page, Split, Tabs, Time } from '../kit/Page.tsx'
import { Pager } from '../kit/Pager.tsx'
import { usePlace } from '../kit/place.ts'
import { Empty, Shown } from '../kit/Shown.tsx'
import { type Column, Table } from '../kit/Table.tsx'
import { useReading } from '../reading.ts'
import { useMay, useSession } from '../session.ts'
import { useWords } from '../words.ts'
import { NewRegister } from './NewRegister.tsx'
import { PATH, type Register, RegisterPanel, State } from './RegisterPanel.tsx'
import { registerWords } from './words.ts'

const names = ['state', 'open'] as const
const states = ['all', 'attention', 'silent'] as const

/** The tills: who is silent, what has not been sent, and what IT should look at. */
export function Registers() {
  const texts = useWords(registerWords)
  const formats = useFormats()
  const may = useMay()
  const { readings } = useSession()
  const [isAdding, setIsAdding] = useState(false)
  const [{ state: wanted, open }, change] = useAddress(names)
  const state = states.find((each) => each === wanted) ?? 'all'
  const asked = { ...usePlace(), state }
  const list = useReading<Listed>(PATH, asked)

  const columns: Column<Register>[] = [
    {
      name: 'name',
      title: texts.name,
      cell: ({ id, name }) => (
        <Link to="/registers" search={{ state: wanted, open: String(id) }}>
          {name}
        </Link>
      ),
    },
    { name: 'store', title: texts.store, cell: ({ store }) => store.name },
    { name: 'state', title: texts.state, cell: (register) => <State of={register} /> },
    {
      name: 'seen',
      title: texts.seen,
      cell: ({ lastSeenAt }) =>
        lastSeenAt ? <Time at={lastSeenAt} /> : <span className="soft">{texts.never}</span>,
    },
    {
      name: 'queue',
      title: texts.queue,
      isNumber: true,
      cell: ({ queueDepth }) => (queueDepth === null ? '—' : formats.whole(queueDepth)),
    },
  ]
  // Beside a panel there is no room for what it says itself.
  if (!open)
    columns.push(
      {
        name: 'exchange',
        title: texts.exchange,
        cell: ({ exchange }) => (exchange ? (texts.exchanges[exchange] ?? exchange) : '—'),
      },
      { name: 'version', title: texts.version, cell: ({ version }) => version ?? '—' },
    )
  return (
    <Page
      title={texts.title}
      actions={
        <>
          {may('register code') && (
            <button type="button" className="main" onClick={() => setIsAdding(true)}>
              {texts.add}
            </button>
          )}
          {readings.includes('fleet') && (
            <a className="button" href="/fleet">
              {texts.fleet}
            </a>
          )}
        </>
      }
    >
      <Tabs
        label={texts.which}
        tabs={states.map((name) => ({ name, title: texts.states[name] }))}
        current={state}
        onChange={(name) => change({ state: name === 'all' ? undefined : name, open: undefined })}
      />
      <Shown of={list}>
        {({ registers, asOf }) =>
          registers.length === 0 ? (
            <Empty title={texts.none}>{texts.noneText}</Empty>
          ) : (
            <Split
              list={
                <>
                  <Table
                    label={texts.list}
                    columns={columns}
                    rows={registers}
                    keyOf={({ id }) => id}
                    onOpen={({ id }) => change({ open: String(id) })}
                    isOpen={({ id }) => String(id) === open}
                  />
                  <Pager asOf={asOf} csv={addressOf(PATH, { ...asked, format: 'csv' })} />
                </>
              }
              panel={
                open && registers.some(({ id }) => String(id) === open) ? (
                  <RegisterPanel key={open} id={open} onClose={() => change({ open: undefined })} />
                ) : null
              }
            />
          )
        }
      </Shown>
      {isAdding && <NewRegister onClose={() => setIsAdding(false)} />}
    </Page>
  )
}
