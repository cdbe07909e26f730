import type { ReactNode } from 'react'
import { Icon } from './Icon.tsx'

interface NoteProps {
  tone: 'calm' | 'warn' | 'bad'
  children: ReactNode
  /** What can be done about it. */
  action?: ReactNode
}

/** One sentence that matters, in the colour of how much it does. */
export function Note({ tone, children, action }: NoteProps) {
  return (
    <div className={`note ${tone}`}>
      <Icon name={tone === 'calm' ? 'clock' : 'notice'} />
      <div>{children}</div>
      {action}
    </div>
  )
}
