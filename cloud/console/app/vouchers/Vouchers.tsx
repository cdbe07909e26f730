import { useState } from 'react'
import type { z } from 'zod'
import { type batchesSchema, batchStates, type VoucherBatchRow } from '../../../../shared/console/vouchers.ts'
import { useFormats } from '../format.ts'
import { useAddress } from '../kit/address.ts'
import { OpenList } from '../kit/OpenList.tsx'
import { Chip, Page, Tabs } from '../kit/Page.tsx'
import { usePages } from '../kit/PagedTable.tsx'
import { usePlace } from '../kit/place.ts'
import { Empty } from '../kit/Shown.tsx'
import type { Column } from '../kit/Table.tsx'
import { useMay } from '../session.ts'
import { useWords } from '../words.ts'
import { BatchPanel } from './BatchPanel.tsx'
import { CodeLookUp } from './CodeLookUp.tsx'
import { NewBatch } from './NewBatch.tsx'
import { termWords, toneOfBatch } from './terms.ts'
import { voucherWords } from './words.ts'

const PATH = '/v1/console/vouchers'
const names = ['state', 'after', 'open'] as const
const tabs = ['all', ...batchStates] as const

/** Batches of codes: what they give, what became of them, and what it came to. */
export function Vouchers() {
  const texts = useWords(voucherWords)
  const terms = useWords(termWords)
  const formats = useFormats()
  const may = useMay()
  const [search, change] = useAddress(names)
  const { open } = search
  const { programme } = usePlace()
  const tab = tabs.find((each) => each === search.state) ?? 'all'
  const asked = { programme, state: tab === 'all' ? undefined : tab }
  const pages = usePages<z.infer<typeof batchesSchema>>(PATH, asked)
  const [isMaking, setIsMaking] = useState(false)

  const columns: Column<VoucherBatchRow>[] = [
    {
      name: 'batch',
      title: texts.batch,
      isWide: open !== undefined,
      cell: ({ id, title }) => texts.one(id, title),
    },
    {
      name: 'state',
      title: texts.state,
      cell: ({ state }) => <Chip tone={toneOfBatch[state]}>{texts.states[state]}</Chip>,
    },
    { name: 'codes', title: texts.codes, isNumber: true, cell: ({ codes }) => formats.whole(codes) },
    { name: 'used', title: texts.used, isNumber: true, cell: ({ used }) => formats.whole(used) },
    {
      name: 'given',
      title: texts.given,
      isNumber: true,
      cell: ({ givenKopecks }) => <b>{formats.roubles(givenKopecks)}</b>,
    },
  ]
  // Beside a panel there is no room for what it says itself.
  if (!open) {
    columns.splice(1, 0, {
      name: 'gives',
      title: texts.gives,
      isWide: true,
      cell: (batch) => terms.gives(batch.terms),
    })
    columns.splice(4, 0, {
      name: 'held',
      title: texts.held,
      isNumber: true,
      cell: ({ held }) => (held > 0 ? formats.whole(held) : ''),
    })
    columns.push({
      name: 'until',
      title: texts.until,
      cell: ({ terms: { until } }) =>
        until ? <span className="line">{formats.calendarDay(until.slice(0, 10))}</span> : '—',
    })
  }

  return (
    <Page
      title={texts.title}
      actions={
        may('voucher add') && (
          <button type="button" className="main" onClick={() => setIsMaking(true)}>
            {texts.create}
          </button>
        )
      }
    >
      <CodeLookUp />
      <Tabs
        label={texts.which}
        tabs={tabs.map((name) => ({ name, title: texts.tabs[name] }))}
        current={tab}
        onChange={(name) => change({ state: name === 'all' ? undefined : name, open: undefined })}
      />
      <OpenList
        pages={pages}
        rows={({ batches }) => batches}
        label={texts.list}
        columns={columns}
        keyOf={({ id }) => id}
        empty={<Empty title={texts.none}>{texts.noneText}</Empty>}
        panel={(batch, close) => <BatchPanel key={batch.id} batch={batch} onClose={close} />}
      />
      {isMaking && <NewBatch onClose={() => setIsMaking(false)} />}
    </Page>
  )
}
