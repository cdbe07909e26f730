import type { ReactNode } from 'react'

interface Share {
  key: string | number
  name: ReactNode
  /** Of all of them; null: what stands in its place. */
  share: number | null
  beside?: ReactNode
  said: ReactNode
}

/** Parts of a sum below each other, each with its name and its number. */
export function Shares({ title, shares }: { title: string; shares: Share[] }) {
  return (
    <div>
      <h3>{title}</h3>
      <ul className="plain shares">
        {shares.map(({ key, name, share, beside, said }) => (
          <li key={key}>
            <span>{name}</span>
            {share === null ? (
              <span className="soft">{beside}</span>
            ) : (
              <span className="track" aria-hidden="true">
                <i style={{ width: `${share * 100}%` }} />
              </span>
            )}
            <b>{said}</b>
          </li>
        ))}
      </ul>
    </div>
  )
}
