import { type ReactNode, useEffect } from 'react'
import { useFormats } from '../format.ts'

/** A page's title, what can be done there, and what it is about. */
export function Page({
  title,
  actions,
  children,
}: {
  title: string
  actions?: ReactNode
  children: ReactNode
}) {
  useEffect(() => {
    document.title = `${title} · Копилка`
  }, [title])
  return (
    <div className="page">
      <header className="head">
        <h1>{title}</h1>
        <div className="actions">{actions}</div>
      </header>
      {children}
    </div>
  )
}

/** A list, and beside it what was opened of it; on a telephone over it. */
export function Split({ list, panel }: { list: ReactNode; panel: ReactNode | null }) {
  return (
    <div className={panel ? 'split open' : 'split'}>
      <div className="list">{list}</div>
      {panel}
    </div>
  )
}

export function Panel({
  title,
  close,
  onClose,
  children,
}: {
  title: string
  close: string
  onClose: () => void
  children: ReactNode
}) {
  return (
    <aside className="panel card" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <button type="button" className="quiet" aria-label={close} onClick={onClose}>
          ✕
        </button>
      </header>
      {children}
    </aside>
  )
}

export type Fact = [name: string, said: ReactNode]

/** Names and what they say. */
export function Facts({ facts }: { facts: Fact[] }) {
  return (
    <dl>
      {facts.map(([name, fact]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{fact}</dd>
        </div>
      ))}
    </dl>
  )
}

/** A moment as people say it, and exactly where somebody points at it. */
export function Time({ at }: { at: string | null }) {
  const { moment, exact } = useFormats()
  if (at === null) return <span className="soft">—</span>
  return (
    <time dateTime={at} title={exact(at)}>
      {moment(at)}
    </time>
  )
}

export type Tone = 'good' | 'warn' | 'bad' | 'calm'
export function Chip({ tone = 'calm', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`chip ${tone}`}>{children}</span>
}

/** One of a few that exclude each other, as a row of buttons. */
export function Tabs<Name extends string>({
  label,
  tabs,
  current,
  onChange,
}: {
  label: string
  tabs: { name: Name; title: string }[]
  current: Name
  onChange: (name: Name) => void
}) {
  return (
    <fieldset className="tabs">
      <legend className="unseen">{label}</legend>
      {tabs.map(({ name, title }) => (
        <button key={name} type="button" aria-pressed={name === current} onClick={() => onChange(name)}>
          {title}
        </button>
      ))}
    </fieldset>
  )
}
