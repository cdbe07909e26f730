import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

/** One figure with what it is, and the page that it counts. */
export function Figure({
  title,
  value,
  to,
  search,
  children,
}: {
  title: string
  value: ReactNode
  to?: string | undefined
  search?: Record<string, string> | undefined
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
    </section>
  )
}
