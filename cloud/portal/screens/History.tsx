import { useEffect, useRef, useState } from 'react'
import { known } from '../../../shared/known.ts'
import type { HeardHistoryItem, HeardMe, HistoryItem } from '../../../shared/me.ts'
import { formatSigned } from '../../../shared/numbers.ts'
import { dayKey } from '../dates.ts'
import { usePortal, usePortalState, useTexts } from '../portal.ts'
import { Empty } from '../ui/Empty.tsx'
import { Icon, type IconName } from '../ui/Icon.tsx'
import { Rows } from '../ui/Skeleton.tsx'
import './history.css'

export function History({ me }: { me: HeardMe }) {
  const portal = usePortal()
  const { history: texts } = useTexts()
  const history = usePortalState(({ history }) => history)
  useEffect(() => void portal.loadHistory(), [portal])

  return (
    <>
      <h1>{texts.title}</h1>
      <p className="lead">{texts.shown(me.rules.historyShownDays)}</p>
      {!history && <Rows />}
      {history?.items.length === 0 && <Empty icon="bag" title={texts.empty} next={texts.emptyNext} />}
      {history && daysOf(history.items).map((items) => <Day key={items[0]?.id} items={items} />)}
      {history?.next && <More key={history.next} />}
      {history && !history.next && history.items.length > 0 && <p className="end">{texts.end}</p>}
    </>
  )
}

function Day({ items }: { items: HeardHistoryItem[] }) {
  const { history: texts } = useTexts()
  const [first] = items
  if (!first) return null
  return (
    <section className="day">
      <h2>{texts.day(Date.parse(first.at), Date.now())}</h2>
      <ul className="panel">
        {items.map((item) => (
          <Movement key={item.id} item={item} />
        ))}
      </ul>
    </section>
  )
}

const icons: Record<HistoryItem['kind'], IconName> = {
  purchase: 'bag',
  held: 'hourglass',
  refund: 'back',
  bonus: 'gift',
  adjustment: 'pencil',
  expiry: 'flame',
}

function Movement({ item }: { item: HeardHistoryItem }) {
  const { history: texts } = useTexts()
  const { kind, purchaseKopecks, refundKopecks, spent, earned, store } = item
  const name = known(texts.kinds, kind) ?? texts.otherKind
  const isBoth = kind === 'purchase' && spent > 0
  const details = [
    texts.time(Date.parse(item.at)),
    kind === 'refund' && refundKopecks !== null ? texts.refunded(refundKopecks) : null,
    kind !== 'refund' && purchaseKopecks !== null ? texts.bought(purchaseKopecks) : null,
  ]
  return (
    <li className="movement">
      <span className={`badge ${kind}`}>
        <Icon name={known(icons, kind) ?? 'card'} />
      </span>
      <div>
        <p className="what">{store ?? name}</p>
        {store && kind !== 'purchase' && <p className="kind">{name}</p>}
        <p className="details">{details.filter((detail) => detail !== null).join(' · ')}</p>
        {isBoth && <p className="details">{texts.both(spent, earned)}</p>}
        {item.awards && <Awards awards={item.awards} />}
      </div>
      <b className={item.change > 0 ? 'change num good' : 'change num'}>{formatSigned(item.change)}</b>
    </li>
  )
}

/** Why it brought what it did; of points that wait, from when on they can be spent. */
function Awards({ awards }: { awards: NonNullable<HeardHistoryItem['awards']> }) {
  const { history: texts } = useTexts()
  const from = Math.max(...awards.map(({ from }) => Date.parse(from)))
  return (
    <ul className="awards">
      {awards.map((award) => (
        <li key={`${award.by} ${award.title} ${award.points}`}>{texts.award(award)}</li>
      ))}
      {from > Date.now() && <li>{texts.from(from)}</li>}
    </ul>
  )
}

/** Asks for the next page when it comes into sight; a tap does the same where that failed. */
function More() {
  const portal = usePortal()
  const { history: texts } = useTexts()
  const ref = useRef<HTMLButtonElement>(null)
  const [isAsking, setAsking] = useState(false)

  async function ask() {
    setAsking(true)
    await portal.loadMoreHistory()
    setAsking(false)
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: each page has a button of its own, watched once.
  useEffect(() => {
    const button = ref.current
    if (!button) return
    const watcher = new IntersectionObserver(
      ([entry]) => {
        if (!entry?.isIntersecting) return
        watcher.disconnect()
        void ask()
      },
      { rootMargin: '400px' },
    )
    watcher.observe(button)
    return () => watcher.disconnect()
  }, [])

  return (
    <button className="button" type="button" ref={ref} disabled={isAsking} onClick={() => void ask()}>
      {texts.more}
    </button>
  )
}

/** The same order, a list a day. */
function daysOf(items: HeardHistoryItem[]): HeardHistoryItem[][] {
  const days = new Map<string, HeardHistoryItem[]>()
  for (const item of items) {
    const key = dayKey(Date.parse(item.at))
    days.set(key, [...(days.get(key) ?? []), item])
  }
  return [...days.values()]
}
