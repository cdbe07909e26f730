import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { TimelineItem } from '../../../../shared/console/customers.ts'
import { useFormats } from '../format.ts'
import { Chip, Facts, Time } from '../kit/Page.tsx'
import { Who } from '../kit/Who.tsx'
import { actWords, causeWords } from '../staffWords.ts'
import { whyWords } from '../whyWords.ts'
import { useWords } from '../words.ts'
import { customerWords } from './words.ts'

type Of<Type extends TimelineItem['type']> = Extract<TimelineItem, { type: Type }>

/** What it did to the points of the customer. */
export function changeOf(item: TimelineItem): number {
  switch (item.type) {
    case 'purchase':
      return item.earned - item.spent
    case 'refund':
      return item.givenBack - item.takenBack
    case 'adjustment':
    case 'bonus':
    case 'expiry':
      return item.points
    default:
      return 0
  }
}

/** Of the valid book, by their names. */
export type StatusTitles = readonly { name: string; title: string }[]

/** One line of it. */
export function Summary({ of: item, statuses }: { of: TimelineItem; statuses: StatusTitles }) {
  const texts = useWords(customerWords)
  const acts = useWords(actWords)
  const causes = useWords(causeWords)
  const { rouble } = useFormats()
  const title = texts.types[item.type]
  const statusOf = (name: string | null) =>
    name === null ? texts.noStatus : (statuses.find((status) => status.name === name)?.title ?? name)
  switch (item.type) {
    case 'purchase':
      return (
        <>
          <b>{title}</b> {rouble(item.purchaseKopecks)}
          {item.store && <span className="soft"> · {item.store.name}</span>}{' '}
          {item.state !== 'done' && <Chip tone="warn">{texts.purchaseStates[item.state]}</Chip>}
          {item.refundedKopecks > 0 && (
            <Chip>
              {texts.refunded.toLowerCase()} {rouble(item.refundedKopecks)}
            </Chip>
          )}
        </>
      )
    case 'refund':
      return (
        <>
          <b>{title}</b> {rouble(item.refundKopecks)}
          <span className="soft"> · {item.reason ?? texts.noReason}</span>
        </>
      )
    case 'adjustment':
    case 'bonus':
      return (
        <>
          <b>{title}</b>
          {item.reason && <span className="soft"> · {item.reason}</span>}
        </>
      )
    case 'expiry':
      return <b>{title}</b>
    case 'message':
      return (
        <>
          <b>{title}</b> {texts.messages[item.kind] ?? item.kind}{' '}
          <Chip tone={item.state === 'parked' ? 'bad' : 'calm'}>{texts.messageStates[item.state]}</Chip>
        </>
      )
    case 'status':
      return (
        <>
          <b>{title}</b>{' '}
          {item.before === item.after
            ? statusOf(item.after)
            : `${statusOf(item.before)} → ${statusOf(item.after)}`}
          <span className="soft"> · {causes[item.cause] ?? item.cause}</span>
        </>
      )
    case 'act':
      return (
        <>
          <b>{acts[item.action] ?? item.action}</b>
          <span className="soft">
            {' '}
            · <Who who={item.who} />
          </span>
        </>
      )
  }
}

/** What is behind it: the awards of a purchase and why there were not more, or who did it and why. */
export function Details({ of: item }: { of: TimelineItem }) {
  switch (item.type) {
    case 'purchase':
      return <Purchase of={item} />
    case 'refund':
      return <Refund of={item} />
    default:
      return <Other of={item} />
  }
}

function Purchase({ of: item }: { of: Of<'purchase'> }) {
  const texts = useWords(customerWords)
  const whys = useWords(whyWords)
  const formats = useFormats()
  return (
    <div className="details">
      <Facts facts={[...whereOf(item, texts), ...paidOf(item, texts, formats)]} />
      <h3>{texts.awards}</h3>
      {item.awards.length === 0 ? (
        <p className="soft">{texts.noAwards}</p>
      ) : (
        <ul className="plain">
          {item.awards.map((award, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: awards of one purchase, in their order
            <li key={index}>
              <b>{formats.signed(award.points)}</b>{' '}
              {award.title ??
                award.ruleId ??
                (award.statusName ? `${texts.statusCashback} ${award.statusName}` : texts.base)}
              {award.basisPoints !== null && (
                <span className="soft"> {formats.percent(award.basisPoints)}</span>
              )}
              <span className="soft"> · {texts.until(formats.lastDay(award.expiresAt))}</span>
            </li>
          ))}
        </ul>
      )}
      {item.skipped.length > 0 && (
        <>
          <h3>{texts.skipped}</h3>
          <ul className="plain">
            {item.skipped.map(({ ruleId, title, why }) => (
              <li key={ruleId}>
                {title ?? ruleId ?? texts.base}:{' '}
                <span className="soft">{whys[why] ?? why.replaceAll('_', ' ')}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

type Texts = (typeof customerWords)['ru']
type Formats = ReturnType<typeof useFormats>

const paidOf = (item: Of<'purchase'>, texts: Texts, formats: Formats): [string, ReactNode][] =>
  item.paidKopecks === null ? [] : [[texts.paid, formats.rouble(item.paidKopecks)]]

function whereOf(
  { id, store, register, cashier, receipt, isTyped }: Of<'purchase'>,
  texts: Texts,
): [string, ReactNode][] {
  const where = [store?.name, register?.name, cashier && `${texts.cashier} ${cashier}`]
    .filter(Boolean)
    .join(', ')
  const facts: [string, ReactNode][] = [[texts.operation, <code key="id">{id}</code>]]
  if (where) facts.push([texts.where, where])
  if (receipt) facts.push([texts.receipt, receipt])
  if (isTyped) facts.push(['', texts.typed])
  return facts
}

function Refund({ of: item }: { of: Of<'refund'> }) {
  const texts = useWords(customerWords)
  const formats = useFormats()
  return (
    <div className="details">
      <Facts
        facts={[
          [texts.reason, item.reason ?? texts.noReason],
          [
            texts.types.purchase ?? '',
            <Link key="of" to="." search={(search: object) => ({ ...search, operation: item.purchaseId })}>
              {texts.forPurchase}
            </Link>,
          ],
          [texts.author, item.store?.name ?? item.author],
          [texts.operation, <code key="id">{item.id}</code>],
        ]}
      />
      {item.takenBack > 0 && <p>{texts.takenBack(formats.points(item.takenBack))}</p>}
      {item.givenBack > 0 && <p>{texts.givenBack(formats.points(item.givenBack))}</p>}
    </div>
  )
}

function Other({ of: item }: { of: Exclude<TimelineItem, Of<'purchase'> | Of<'refund'>> }) {
  const texts = useWords(customerWords)
  const formats = useFormats()
  const facts: [string, ReactNode][] = []
  if ('author' in item) facts.push([texts.author, <Who key="who" who={item.author} />])
  if ('who' in item) facts.push([texts.author, <Who key="who" who={item.who} />])
  if ('reason' in item && item.reason) facts.push([texts.reason, item.reason])
  if (item.type === 'status' && item.until) facts.push([texts.statusUntil, formats.lastDay(item.until)])
  if (item.type === 'message' && item.problem) facts.push([texts.reason, item.problem])
  if (item.type === 'message' && item.settledAt)
    facts.push([texts.messageStates[item.state] ?? item.state, <Time key="at" at={item.settledAt} />])
  if (item.type === 'act')
    for (const [name, value] of Object.entries(item.after ?? {}))
      facts.push([name, `${item.before?.[name] !== undefined ? `${item.before[name]} → ` : ''}${value}`])
  if (item.type !== 'message' && item.type !== 'status' && item.type !== 'act')
    facts.push([texts.operation, <code key="id">{item.id}</code>])
  return (
    <div className="details">
      <Facts facts={facts} />
    </div>
  )
}
