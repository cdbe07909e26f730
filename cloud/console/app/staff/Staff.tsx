import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { z } from 'zod'
import type { staffSchema } from '../../../../shared/console/staff.ts'
import { needsSecondFactor } from '../../../../shared/staff.ts'
import { addressOf } from '../api.ts'
import { useAddress } from '../kit/address.ts'
import { Chip, Page, Split, Tabs, Time } from '../kit/Page.tsx'
import { Pager } from '../kit/Pager.tsx'
import { Empty, Shown } from '../kit/Shown.tsx'
import { type Column, Table } from '../kit/Table.tsx'
import { asOf, useReading } from '../reading.ts'
import { useMay } from '../session.ts'
import { roleWords } from '../staffWords.ts'
import { useWords } from '../words.ts'
import { AddStaff } from './AddStaff.tsx'
import { MemberPanel } from './MemberPanel.tsx'
import { staffPageWords } from './words.ts'

type Listed = z.infer<typeof staffSchema>
export type Member = Listed['staff'][number]

const PATH = '/v1/console/staff'
const names = ['open', 'show'] as const

/** Who works for the programme, and what they may do and see. */
export function Staff() {
  const texts = useWords(staffPageWords)
  const may = useMay()
  const [{ open, show }, change] = useAddress(names)
  const [isAdding, setIsAdding] = useState(false)
  const list = useReading<Listed>(PATH)
  const isDisabledShown = show === 'disabled'

  const columns: Column<Member>[] = [
    {
      name: 'name',
      title: texts.name,
      cell: ({ name }) => (
        <Link to="/staff" search={{ show, open: name }}>
          {name}
        </Link>
      ),
    },
    { name: 'roles', title: texts.roles, cell: ({ roles }) => <Roles of={roles} /> },
    { name: 'sees', title: texts.sees, cell: (member) => <Sees of={member} /> },
    { name: 'factor', title: texts.factor, cell: (member) => <Factor of={member} /> },
    {
      name: 'seen',
      title: texts.seen,
      cell: ({ lastSeenAt }) =>
        lastSeenAt ? <Time at={lastSeenAt} /> : <span className="soft">{texts.never}</span>,
    },
  ]

  return (
    <Page
      title={texts.title}
      actions={
        may('staff add') && (
          <button type="button" className="main" onClick={() => setIsAdding(true)}>
            {texts.add}
          </button>
        )
      }
    >
      <Shown of={list}>
        {({ staff }) => {
          const member = staff.find(({ name }) => name === open)
          const shown = staff.filter(({ disabledAt }) => (disabledAt !== null) === isDisabledShown)
          return (
            <Split
              list={
                <>
                  <Tabs
                    label={texts.show}
                    tabs={(['working', 'disabled'] as const).map((name) => ({
                      name,
                      title: texts.shows[name],
                    }))}
                    current={isDisabledShown ? 'disabled' : 'working'}
                    onChange={(name) =>
                      change({ show: name === 'working' ? undefined : name, open: undefined })
                    }
                  />
                  {shown.length === 0 ? (
                    <Empty title={texts.none} />
                  ) : (
                    <Table
                      label={texts.list}
                      columns={columns}
                      rows={shown}
                      keyOf={({ name }) => name}
                      onOpen={({ name }) => change({ open: name })}
                      isOpen={({ name }) => name === open}
                    />
                  )}
                  <Pager asOf={asOf(list)} csv={addressOf(PATH, { format: 'csv' })} />
                </>
              }
              panel={
                member ? (
                  <MemberPanel
                    key={member.name}
                    member={member}
                    onClose={() => change({ open: undefined })}
                  />
                ) : null
              }
            />
          )
        }}
      </Shown>
      {isAdding && <AddStaff onClose={() => setIsAdding(false)} />}
    </Page>
  )
}

export function Roles({ of }: { of: Member['roles'] }) {
  const words = useWords(roleWords)
  return (
    <span className="chips">
      {of.map((role) => (
        <Chip key={role}>{words[role]}</Chip>
      ))}
    </span>
  )
}

export function Sees({ of: { sees } }: { of: Member }) {
  const texts = useWords(staffPageWords)
  const limits = [
    sees.programmes && texts.programmes(sees.programmes.join(', ')),
    sees.stores && texts.stores(sees.stores.join(', ')),
  ].filter(Boolean)
  return limits.length > 0 ? limits.join('; ') : texts.all
}

export function Factor({ of: { roles, hasSecondFactor } }: { of: Member }) {
  const texts = useWords(staffPageWords)
  if (hasSecondFactor) return <span className="good">{texts.factorYes}</span>
  if (needsSecondFactor(roles)) return <span className="warn">{texts.factorMissing}</span>
  return <span className="soft">{texts.factorNo}</span>
}
