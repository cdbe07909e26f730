import type { ReactNode } from 'react'
import { Icon, type IconName } from '../ui/Icon.tsx'
import './message.css'

/** One thing to say, and at most one or two to do. */
export function Message({
  icon,
  title,
  next,
  children,
}: {
  icon: IconName
  title: string
  next: string
  children?: ReactNode
}) {
  return (
    <main className="screen message">
      <div className="message-text">
        <span className="empty-icon">
          <Icon name={icon} />
        </span>
        <h1>{title}</h1>
        <p>{next}</p>
      </div>
      {children && <div className="message-actions">{children}</div>}
    </main>
  )
}
