import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { SegmentPreview } from '../../../../shared/console/segments.ts'
import type { Condition } from '../../../../shared/segments/definition.ts'
import { useFormats } from '../format.ts'
import { usePlace } from '../kit/place.ts'
import { Shown } from '../kit/Shown.tsx'
import { kitWords } from '../kit/words.ts'
import { usePosted } from '../reading.ts'
import { useSession } from '../session.ts'
import { useWords } from '../words.ts'
import { segmentWords } from './words.ts'

/** Who types on is not counted for. */
const PAUSE_MS = 400
const MOST_OVERLAP = 6

/** How many a definition means now, and some of them; while it is typed, those of before. */
export function Preview({ definition, name }: { definition: Condition | null; name: string | undefined }) {
  const texts = useWords(segmentWords)
  const { asOf } = useWords(kitWords)
  const formats = useFormats()
  const { readings } = useSession()
  const { programme } = usePlace()
  const wanted = definition && JSON.stringify(definition)
  const settled = useSettled(wanted)
  const preview = usePosted<SegmentPreview>(
    '/v1/console/segments/preview',
    settled === null
      ? null
      : { definition: JSON.parse(settled), name, ...(programme && { programme: Number(programme) }) },
  )
  const isStale = wanted !== settled || preview.isPlaceholderData
  return (
    <aside className="card stack preview" aria-label={texts.preview} aria-busy={isStale}>
      <h2>{texts.preview}</h2>
      <Shown of={preview}>
        {({ customers, members, examples, overlap, asOf: at }) => (
          <>
            <p className="effect">
              <strong>{formats.whole(members)}</strong>
              <span className="soft">
                {texts.of(
                  formats.percent(customers > 0 ? Math.round((members * 10_000) / customers) : 0),
                  formats.whole(customers),
                )}
              </span>
            </p>
            <p className="soft" role="status">
              {isStale ? texts.counting : asOf(formats.time(at))}
            </p>
            {members === 0 ? (
              <p className="soft">{texts.nobody}</p>
            ) : (
              <>
                <h3>{texts.examples}</h3>
                <ul className="plain">
                  {examples.map(({ id, card, firstName, purchases, netKopecks }) => (
                    <li key={id} className="example">
                      <span>
                        {readings.includes('customers') ? (
                          <Link to="/customers/$id" params={{ id: String(id) }}>
                            {formats.card(card)}
                          </Link>
                        ) : (
                          formats.card(card)
                        )}{' '}
                        {firstName ?? <span className="soft">{texts.noName}</span>}
                      </span>
                      <span className="soft">
                        {texts.purchases(purchases)} · {formats.roubles(netKopecks)}
                      </span>
                    </li>
                  ))}
                </ul>
                <h3>{texts.overlap}</h3>
                <Overlap of={overlap} members={members} />
              </>
            )}
          </>
        )}
      </Shown>
    </aside>
  )
}

function Overlap({ of, members }: { of: SegmentPreview['overlap']; members: number }) {
  const texts = useWords(segmentWords)
  const formats = useFormats()
  const most = of
    .filter(({ both }) => both > 0)
    .sort((a, b) => b.both - a.both)
    .slice(0, MOST_OVERLAP)
  if (most.length === 0) return <p className="soft">{texts.noOverlap}</p>
  return (
    <ul className="plain">
      {most.map(({ name, title, both }) => (
        <li key={name} className="example">
          <span>{title}</span>
          <span className="soft">
            {formats.whole(both)} · {formats.percent(Math.round((both * 10_000) / members))}
          </span>
        </li>
      ))}
    </ul>
  )
}

/** The value once it has not changed for a moment. */
function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
