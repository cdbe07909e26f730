import type { Snapshot } from '../../../shared/bridge.ts'
import { formatKopecks } from '../../../shared/numbers.ts'
import { sentencesOf, sentencesOfFrozen } from '../failure.ts'
import { useSnapshot, useTexts } from '../screen.ts'
import type { Texts } from '../texts.ts'
import { titleOfProcessing, titleOfSuccess } from '../titles.ts'

/** Tells a screen reader what changed; everybody else sees it. */
export function Announcer() {
  const texts = useTexts()
  const text = useSnapshot((snapshot) => announcementOf(snapshot, texts))
  return (
    <p className="unseen" aria-live="assertive">
      {text}
    </p>
  )
}

function announcementOf({ phase, act, customer, sale, supportContact }: Snapshot, texts: Texts): string {
  switch (act?.type) {
    case 'processing':
      return titleOfProcessing(act, texts)
    case 'success':
      return titleOfSuccess(act, texts)
    case 'error': {
      const { what, points, next } = sentencesOf(act, texts, supportContact)
      return `${what}. ${points} ${next}`
    }
  }
  if (phase === 'idle') return texts.idle.title
  if (customer?.status === 'frozen') {
    const { what, points, next } = sentencesOfFrozen(texts, customer, supportContact)
    return `${what}. ${points} ${next}`
  }
  const name = customer?.firstName ?? texts.customer.unknown
  const balance =
    customer?.available != null ? texts.points(customer.available) : texts.customer.balanceUnknown
  return [name, balance, sale && formatKopecks(sale.purchaseKopecks, texts.decimal)]
    .filter(Boolean)
    .join(', ')
}
