import type { StatusShown } from '../../../shared/bridge.ts'
import { useTexts } from '../screen.ts'
import './statusLine.css'

/** «Золото · ещё 340 ₽ до Платины», or what this very purchase reaches. */
export function StatusLine({ status }: { status: StatusShown }) {
  const { status: texts } = useTexts()
  const { title, colour, next, reaches } = status
  const parts = [
    title,
    reaches !== null ? texts.reaches(reaches) : next && texts.missing(next.metric, next.missing, next.title),
  ].filter((part) => part !== null)
  return (
    <p className="status-line">
      <span className="status-dot" aria-hidden="true" style={colour ? { background: colour } : undefined} />
      {parts.join(' · ')}
    </p>
  )
}
