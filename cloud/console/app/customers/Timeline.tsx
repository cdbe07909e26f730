import type { z } from 'zod'
import type { TimelineItem, timelineSchema } from '../../../../shared/console/customers.ts'
import { useFormats } from '../format.ts'
import { useAddress } from '../kit/address.ts'
import { Tabs, Time } from '../kit/Page.tsx'
import { Pager } from '../kit/Pager.tsx'
import { Empty, Shown } from '../kit/Shown.tsx'
import { useReading } from '../reading.ts'
import { useWords } from '../words.ts'
import { changeOf, Details, type StatusTitles, Summary } from './TimelineItem.tsx'
import { customerWords } from './words.ts'
import './timeline.css'

const names = ['type', 'after', 'operation'] as const
const types = ['all', 'purchase', 'refund', 'adjustment', 'status', 'message', 'act'] as const

/** All that happened with a customer, the latest first; what is opened says why it was so much. */
export function Timeline({ id, statuses }: { id: number; statuses: StatusTitles }) {
  const texts = useWords(customerWords)
  const [{ type, after, operation }, change] = useAddress(names)
  const list = useReading<z.infer<typeof timelineSchema>>(`/v1/console/customers/${id}/timeline`, {
    type,
    after,
    limit: 30,
  })
  return (
    <section className="card timeline">
      <h2>{texts.timeline}</h2>
      <Tabs
        label={texts.timeline}
        tabs={types.map((name) => ({
          name,
          title: texts.tabs[name] ?? name,
        }))}
        current={types.find((each) => each === type) ?? 'all'}
        onChange={(name) => change({ type: name === 'all' ? undefined : name })}
      />
      <Shown of={list}>
        {({ items, next }) =>
          items.length === 0 ? (
            <Empty title={texts.noItems}>{texts.noItemsText}</Empty>
          ) : (
            <>
              <ol>
                {items.map((item) => (
                  <Item
                    key={`${item.type} ${item.id}`}
                    item={item}
                    isOpen={item.id === operation}
                    statuses={statuses}
                  />
                ))}
              </ol>
              <Pager
                pages={{
                  next,
                  isLater: after !== undefined,
                  onTurn: (after) => change({ after }, { isPage: true }),
                }}
              />
            </>
          )
        }
      </Shown>
    </section>
  )
}

function Item({ item, isOpen, statuses }: { item: TimelineItem; isOpen: boolean; statuses: StatusTitles }) {
  const { signed } = useFormats()
  const points = changeOf(item)
  return (
    <li>
      <details open={isOpen}>
        <summary>
          <span className="soft">
            <Time at={item.at} />
          </span>
          <span className="what">
            <Summary of={item} statuses={statuses} />
          </span>
          <b className={points > 0 ? 'good' : undefined}>{points !== 0 && signed(points)}</b>
        </summary>
        <Details of={item} />
      </details>
    </li>
  )
}
