import type { z } from 'zod'
import type { bookSchema } from '../../../../shared/console/books.ts'
import { useReading } from '../reading.ts'
import type { Books } from './Rules.tsx'

/** The latest versions of the book of a programme, and of these the one that holds now, with its document. */
export function useBook(programme: string | number | undefined) {
  const list = useReading<Books>('/v1/console/books', { programme, limit: 20 })
  const current = list.data?.books.find(({ state }) => state === 'current')?.version
  const book = useReading<z.infer<typeof bookSchema>>(
    `/v1/console/books/${current}`,
    { programme },
    { isOn: current !== undefined },
  )
  return { list, book }
}
