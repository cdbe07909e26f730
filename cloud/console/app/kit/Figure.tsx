import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

/** One figure with what it is, and the page that it counts. */
export function Figure({
  title,
  value,
  to,
  search,
  line,
  children,
}: {
  title: string
  value: ReactNode
  to?: string | undefined
  search?: Record<string, string> | undefined
  /** How it went, below what is said of it. */
  line?: ReactNode
  children?: ReactNode
}) {
  return (
    <section className="figure card" aria-label={title}>
      <h2>
        {to ? (
          <Link to={to} search={search ?? {}}>
            {title}
          </Link>
        ) : (
          title
        )}
      </h2>
      <strong>{value}</strong>
      {children && <div className="soft">{children}</div>}
      {line}
    </section>
  )
}
