import { useMemo } from 'react'
import type { Statuses as Read } from '../../../../shared/console/statuses.ts'
import { DAY, toIso } from '../../../../shared/time.ts'
import { type Formats, useFormats } from '../format.ts'
import { useAddress } from '../kit/address.ts'
import { Figure } from '../kit/Figure.tsx'
import { Page, Tabs } from '../kit/Page.tsx'
import { usePlace } from '../kit/place.ts'
import { Empty, Shown } from '../kit/Shown.tsx'
import { type Column, Table } from '../kit/Table.tsx'
import { kitWords } from '../kit/words.ts'
import { useReading } from '../reading.ts'
import { useWords } from '../words.ts'
import { Changes } from './Changes.tsx'
import { statusPageWords } from './words.ts'
import './statuses.css'

type Status = Read['statuses'][number]

const names = ['days'] as const
const periods = ['30', '90', '365'] as const

/** Who has which status now, and who came to another one lately. */
export function Statuses() {
  const texts = useWords(statusPageWords)
  const { asOf } = useWords(kitWords)
  const formats = useFormats()
  const [search, change] = useAddress(names)
  const days = periods.find((each) => each === search.days) ?? '30'
  // The same moment for as long as the page is open: it is a part of what is asked.
  const since = useMemo(() => toIso(Date.now() - Number(days) * DAY), [days])
  const { programme } = usePlace()
  const reading = useReading<Read>('/v1/console/statuses', { programme, since })
  return (
    <Page title={texts.title}>
      <Shown of={reading} lines={8}>
        {(read) =>
          read.statuses.length === 0 ? (
            <Empty title={texts.none}>{texts.noneText}</Empty>
          ) : (
            <>
              <section className="card stack">
                <h2>
                  {texts.now} <span className="soft">{texts.of[read.metric]}</span>
                </h2>
                <Ladder read={read} />
                <p className="soft">{asOf(formats.time(read.asOf))}</p>
              </section>
              <Tabs
                label={texts.period}
                tabs={periods.map((name) => ({ name, title: texts.periods[name] }))}
                current={days}
                onChange={(name) => change({ days: name === '30' ? undefined : name })}
              />
              <div className="figures">
                <Figure title={texts.up} value={formats.whole(read.moved.up)} />
                <Figure title={texts.down} value={formats.whole(read.moved.down)} />
                {read.moved.other > 0 && (
                  <Figure title={texts.other} value={formats.whole(read.moved.other)} />
                )}
              </div>
              <Changes
                since={since}
                titles={new Map(read.statuses.map(({ name, title }) => [name, title]))}
              />
            </>
          )
        }
      </Shown>
    </Page>
  )
}

function Ladder({ read: { statuses, customers, without, metric } }: { read: Read }) {
  const texts = useWords(statusPageWords)
  const formats = useFormats()
  const share = (count: number) => (customers > 0 ? count / customers : 0)
  const number = (name: 'came' | 'left' | 'noticed' | 'byHand'): Column<Status> => ({
    name,
    title: texts[name],
    isNumber: true,
    cell: (status) => formats.whole(status[name]),
  })
  const columns: Column<Status>[] = [
    {
      name: 'status',
      title: texts.status,
      cell: ({ title, colour }) => (
        <span className="line">
          <i className="dot" style={{ background: colour }} /> <b>{title}</b>
        </span>
      ),
    },
    {
      name: 'from',
      title: texts.from,
      isNumber: true,
      cell: ({ from }) => amountOf(metric, from, formats),
    },
    {
      name: 'cashback',
      title: texts.cashback,
      isNumber: true,
      cell: ({ cashbackBasisPoints }) => formats.percent(cashbackBasisPoints),
    },
    {
      name: 'customers',
      title: texts.customers,
      isNumber: true,
      cell: ({ customers }) => <b>{formats.whole(customers)}</b>,
    },
    {
      name: 'share',
      title: texts.share,
      isWide: true,
      cell: ({ customers, colour }) => (
        <span className="share">
          <span className="track">
            <i style={{ width: `${share(customers) * 100}%`, background: colour }} />
          </span>
          {formats.percent(Math.round(share(customers) * 10_000))}
        </span>
      ),
    },
    ...(['came', 'left', 'noticed', 'byHand'] as const).map(number),
  ]
  return (
    <>
      <Table label={texts.now} columns={columns} rows={statuses} keyOf={({ name }) => name} isDense />
      {without > 0 && (
        <p>
          {texts.without}: <b>{formats.whole(without)}</b>
        </p>
      )}
    </>
  )
}

function amountOf(metric: Read['metric'], value: number, formats: Formats): string {
  if (metric === 'net_purchases') return formats.roubles(value)
  return metric === 'earned_points' ? formats.points(value) : formats.whole(value)
}
