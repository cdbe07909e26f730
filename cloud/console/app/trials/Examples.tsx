import { Link } from '@tanstack/react-router'
import type { BookResult } from '../../../../shared/console/trials.ts'
import { useFormats } from '../format.ts'
import { whyWords } from '../whyWords.ts'
import { useWords } from '../words.ts'
import { trialWords } from './words.ts'

type Example = Omit<BookResult['examples'][number], 'before'> & { before?: number }

/** Receipts that say what it would do; each leads to its customer, where all of it stands. */
export function Examples({ of: examples }: { of: Example[] }) {
  const texts = useWords(trialWords)
  const formats = useFormats()
  if (examples.length === 0) return null
  return (
    <details>
      <summary>{texts.examples}</summary>
      <ul className="plain receipts">
        {examples.map(({ operation, customer, at, store, kopecks, before, points }) => (
          <li key={operation}>
            <span>
              <Link to="/customers/$id" params={{ id: String(customer) }}>
                {formats.moment(at)}
              </Link>{' '}
              <span className="soft">
                {store.name} · {formats.rouble(kopecks)}
              </span>
            </span>
            <span>
              {before !== undefined && `${formats.whole(before)} → `}
              <b>{formats.whole(points)}</b>
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}

/** Why purchases got nothing by its rules, the commonest reason first. */
export function Skipped({ of: skipped }: { of: BookResult['skipped'] }) {
  const texts = useWords(trialWords)
  const whys = useWords(whyWords)
  const { whole } = useFormats()
  if (skipped.length === 0) return null
  return (
    <details>
      <summary>{texts.skipped}</summary>
      <ul className="plain told">
        {skipped.map(({ id, title, why, times }) => (
          <li key={`${id} ${why}`}>
            {title}: {whys[why] ?? why.replaceAll('_', ' ')}{' '}
            <span className="soft">— {texts.times(whole(times), times)}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}
