import { useFormats } from '../format.ts'

export interface Bar {
  name: string
  /** What is told of it, with its number. */
  title: string
  value: number
  /** Paler: what is foreseen, or what is left of it. */
  of?: number
}

/** A few dozen figures beside each other. The numbers stand in a table nearby, or in what is told of each. */
export function Bars({ label, bars }: { label: string; bars: Bar[] }) {
  const { whole } = useFormats()
  const most = Math.max(1, ...bars.map(({ value, of = 0 }) => Math.max(value, of)))
  const share = (value: number) => `${(value / most) * 100}%`
  return (
    <figure className="bars">
      <p className="most" aria-hidden="true">
        {whole(most)}
      </p>
      <ul aria-label={label}>
        {bars.map(({ name, title, value, of }) => (
          <li key={name} title={title}>
            {of !== undefined && <i className="pale" style={{ height: share(of) }} />}
            <i style={{ height: share(value) }} />
            <span className="unseen">{title}</span>
          </li>
        ))}
      </ul>
      <figcaption aria-hidden="true">
        <span>{bars[0]?.name}</span>
        <span>{bars.at(-1)?.name}</span>
      </figcaption>
    </figure>
  )
}

/** Parts of a whole as one bar. */
export function Parts({ label, parts }: { label: string; parts: Bar[] }) {
  const all = parts.reduce((sum, { value }) => sum + value, 0)
  return (
    <ul className="parts" aria-label={label}>
      {parts
        .filter(({ value }) => value > 0)
        .map(({ name, title, value }) => (
          <li key={name} title={title} style={{ flexGrow: value / all }}>
            <span className="unseen">{title}</span>
          </li>
        ))}
    </ul>
  )
}
