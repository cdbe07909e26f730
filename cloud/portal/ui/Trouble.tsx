import type { Instant } from '../../../shared/time.ts'
import { usePortal, usePortalState, useTexts } from '../portal.ts'
import { Icon } from './Icon.tsx'

/** What could not be asked, while what is shown was true a moment ago. */
export function Trouble({ asOf }: { asOf: Instant }) {
  const portal = usePortal()
  const trouble = usePortalState(({ trouble }) => trouble)
  const texts = useTexts()
  if (!trouble) return null
  return (
    <div className="note warn" role="alert">
      <Icon name={trouble === 'offline' || trouble === 'away' ? 'away' : 'notice'} />
      <span>
        {texts.problems[trouble].title}. {texts.shownAsOf(asOf)}
      </span>
      <button className="link" type="button" onClick={() => void portal.load()}>
        {texts.reload}
      </button>
    </div>
  )
}
