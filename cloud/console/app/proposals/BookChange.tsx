import { bookDocumentSchema } from '../../../../shared/rules/book.ts'
import { differencesOf } from '../../../../shared/rules/difference.ts'
import { Shown } from '../kit/Shown.tsx'
import { Differences } from '../rules/Differences.tsx'
import { useBook } from '../rules/useBook.ts'

/** What a proposed book changes of the one that holds now. */
export function BookChange({ document, programme }: { document: unknown; programme: number }) {
  const { list, book } = useBook(programme)
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
