import { Link } from '@tanstack/react-router'
import type { z } from 'zod'
import type { oneSegmentSchema } from '../../../../shared/console/segments.ts'
import { usePlace } from '../kit/place.ts'
import { useReading } from '../reading.ts'
import { useWords } from '../words.ts'
import { customerWords } from './words.ts'

/** Of which segment the list is, and the way back to everybody. */
export function OfSegment({ name, onLeave }: { name: string; onLeave: () => void }) {
  const texts = useWords(customerWords)
  const { programme } = usePlace()
  // Who sees a part of the stores is told of no segment, and has its name.
  const { data } = useReading<z.infer<typeof oneSegmentSchema>>(
    `/v1/console/segments/${encodeURIComponent(name)}`,
    { programme },
  )
  return (
    <p className="note">
      {texts.segment}{' '}
      <Link to="/segments" search={{ open: name }}>
        {data?.title ?? name}
      </Link>
      .{' '}
      <button type="button" className="link" onClick={onLeave}>
        {texts.everybody}
      </button>
    </p>
  )
}
