import { Link } from '@tanstack/react-router'
import type { Registers as Listed, RegisterDetail } from '../../../../shared/console/places.ts'
import { addressOf } from '../api.ts'
import { useFormats } from '../format.ts'
import { useAddress } from '../kit/address.ts'
import { Chip, Facts, Page, Panel, Split, Tabs, Time } from '../kit/Page.tsx'
import { Pager } from '../kit/Pager.tsx'
import { usePlace } from '../kit/place.ts'
import { Empty, Shown } from '../kit/Shown.tsx'
import { type Column, Table } from '../kit/Table.tsx'
import { kitWords } from '../kit/words.ts'
import { useReading } from '../reading.ts'
import { useSession } from '../session.ts'
import { actWords } from '../staffWords.ts'
import { useWords } from '../words.ts'
import { registerWords } from './words.ts'

type Register = Listed['registers'][number]

const PATH = '/v1/console/registers'
const names = ['state', 'open'] as const
const states = ['all', 'attention', 'silent'] as const

/** The tills: who is silent, what has not been sent, and what IT should look at. */
export function Registers() {
  const texts = useWords(registerWords)
  const formats = useFormats()
  const [{ state: wanted, open }, change] = useAddress(names)
  const state = states.find((each) => each === wanted) ?? 'all'
  const asked = { ...usePlace(), state }
  const list = useReading<Listed>(PATH, asked)

  const columns: Column<Register>[] = [
    {
      name: 'name',
      title: texts.name,
      cell: ({ id, name }) => (
        <Link to="/registers" search={{ state: wanted, open: String(id) } as never}>
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
    <Page title={texts.title}>
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
    </Page>
  )
}

function State({ of: { revokedAt, isSilent, concerns, lastSeenAt } }: { of: Register }) {
  const texts = useWords(registerWords)
  if (revokedAt) return <Chip>{texts.revoked}</Chip>
  if (concerns.length > 0) return <Chip tone="bad">{texts.concerned}</Chip>
  if (lastSeenAt === null) return <Chip>{texts.never}</Chip>
  if (isSilent) return <Chip tone="warn">{texts.silent}</Chip>
  return <Chip tone="good">{texts.good}</Chip>
}

function RegisterPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const texts = useWords(registerWords)
  const { close } = useWords(kitWords)
  const acts = useWords(actWords)
  const formats = useFormats()
  const { readings } = useSession()
  const detail = useReading<RegisterDetail>(`${PATH}/${encodeURIComponent(id)}`)
  return (
    <Panel
      title={detail.data ? `${detail.data.store.name} · ${detail.data.name}` : texts.name}
      close={close}
      onClose={onClose}
    >
      <Shown of={detail}>
        {(register) => (
          <>
            <Facts
              facts={[
                [texts.state, <State key="s" of={register} />],
                [texts.seen, <Time key="t" at={register.lastSeenAt} />],
                [texts.version, register.version ?? '—'],
                [texts.channel, register.channel],
                [texts.queue, register.queueDepth === null ? '—' : formats.whole(register.queueDepth)],
                [texts.parked, register.parked === null ? '—' : formats.whole(register.parked)],
                [
                  texts.clock,
                  register.clockOffsetMs === null
                    ? '—'
                    : texts.clockOff(formats.signed(Math.round(register.clockOffsetMs / 1000))),
                ],
                [
                  texts.operations,
                  `${formats.whole(register.operations.day)} / ${formats.whole(register.operations.week)}`,
                ],
              ]}
            />
            <Lines title={texts.concerns} lines={register.concerns} />
            <Lines
              title={texts.errors}
              lines={register.errors.map(({ at, text }) => `${formats.moment(at)} ${text}`)}
            />
            <Lines
              title={texts.changes}
              lines={register.changes.map(
                ({ at, who, action }) => `${formats.moment(at)} · ${acts[action] ?? action} · ${who}`,
              )}
            />
            {readings.includes('fleet') && (
              <div>
                <p className="soft">{texts.fleetText}</p>
                <p>
                  <a className="button" href={`/fleet/registers/${register.id}`}>
                    {texts.fleet}
                  </a>
                </p>
              </div>
            )}
          </>
        )}
      </Shown>
    </Panel>
  )
}

function Lines({ title, lines }: { title: string; lines: string[] }) {
  if (lines.length === 0) return null
  return (
    <div>
      <h3>{title}</h3>
      <ul className="plain">
        {lines.slice(0, 6).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  )
}
