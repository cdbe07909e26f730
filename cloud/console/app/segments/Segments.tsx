import { Link } from '@tanstack/react-router'
import type { z } from 'zod'
import type { Segment, segmentsSchema } from '../../../../shared/console/segments.ts'
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
import { SegmentPanel } from './SegmentPanel.tsx'
import { segmentWords } from './words.ts'

const PATH = '/v1/console/segments'
const names = ['kind', 'sort', 'after', 'open'] as const
const kinds = ['all', 'own', 'built_in', 'used'] as const

/** Conditions by which rules and campaigns say whom they mean, and how many meet them now. */
export function Segments() {
  const texts = useWords(segmentWords)
  const formats = useFormats()
  const may = useMay()
  const [search, change] = useAddress(names)
  const { sort, open } = search
  const { programme } = usePlace()
  const kind = kinds.find((each) => each === search.kind) ?? 'all'
  const asked = { programme, sort, kind: kind === 'all' ? undefined : kind }
  const pages = usePages<z.infer<typeof segmentsSchema>>(PATH, asked)

  const columns: Column<Segment>[] = [
    { name: 'name', title: texts.name, isWide: true, cell: ({ title }) => title },
    {
      name: 'members',
      title: texts.members,
      isNumber: true,
      sort: 'members',
      cell: ({ members }) => <b>{formats.whole(members)}</b>,
    },
    {
      name: 'uses',
      title: texts.uses,
      cell: ({ uses }) =>
        uses.length === 0 ? (
          <span className="soft">—</span>
        ) : (
          uses.map(({ by, title }) => `${texts.usesOf[by]} «${title}»`).join(', ')
        ),
    },
  ]
  // Beside a panel there is no room for what it says itself.
  if (!open)
    columns.push({
      name: 'saved',
      title: texts.saved,
      cell: ({ savedAt, isBuiltIn }) =>
        savedAt === null ? (
          <Chip>{texts.builtIn}</Chip>
        ) : (
          <span className={isBuiltIn ? 'soft' : 'line'}>{formats.day(savedAt)}</span>
        ),
    })

  return (
    <Page
      title={texts.title}
      actions={
        may('segment add') && (
          <Link className="button main" to="/segments/editor">
            {texts.create}
          </Link>
        )
      }
    >
      <Tabs
        label={texts.which}
        tabs={kinds.map((name) => ({ name, title: texts.kinds[name] }))}
        current={kind}
        onChange={(name) => change({ kind: name === 'all' ? undefined : name, open: undefined })}
      />
      <OpenList
        pages={pages}
        rows={({ segments }) => segments}
        label={texts.list}
        columns={columns}
        keyOf={({ name }) => name}
        sort={sort}
        onSort={(by) => change({ sort: by === sort ? undefined : by })}
        empty={<Empty title={texts.none}>{texts.noneText}</Empty>}
        panel={(segment, close) => <SegmentPanel key={segment.name} segment={segment} onClose={close} />}
      />
    </Page>
  )
}
