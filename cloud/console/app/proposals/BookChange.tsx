import type { z } from 'zod'
import type { bookSchema } from '../../../../shared/console/books.ts'
import { bookDocumentSchema } from '../../../../shared/rules/book.ts'
import { differencesOf } from '../../../../shared/rules/difference.ts'
import { Shown } from '../kit/Shown.tsx'
import { useReading } from '../reading.ts'
import { Differences } from '../rules/Differences.tsx'
import type { Books } from '../rules/Rules.tsx'

/** What a proposed book changes of the one that holds now. */
export default function BookChange({ document, programme }: { document: unknown; programme: number }) {
  const list = useReading<Books>('/v1/console/books', { programme, limit: 20 })
  const current = list.data?.books.find(({ state }) => state === 'current')?.version
  const book = useReading<z.infer<typeof bookSchema>>(
    `/v1/console/books/${current}`,
    { programme },
    { isOn: current !== undefined },
  )
  const proposed = bookDocumentSchema.safeParse(document).data
  if (list.error) return <Shown of={list}>{() => null}</Shown>
  return (
    <Shown of={book} lines={3}>
      {({ document: now }) =>
        proposed && <Differences of={differencesOf(bookDocumentSchema.parse(now), proposed)} />
      }
    </Shown>
  )
}
