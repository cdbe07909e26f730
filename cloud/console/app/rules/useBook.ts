import type { Book } from '../../../../shared/console/books.ts'
import { useReading } from '../reading.ts'
import type { Books } from './Rules.tsx'

/** The latest versions of the book of a programme, and of these the one that holds now, with its document. */
export function useBook(programme: string | number | undefined) {
  const list = useReading<Books>('/v1/console/books', { programme, limit: 20 })
  return { list, book: useCurrent(list.data?.books, programme) }
}

/** Of these versions the one that holds now. */
export function useCurrent(books: Books['books'] = [], programme: string | number | undefined) {
  const current = books.find(({ state }) => state === 'current')?.version
  return useReading<Book>(`/v1/console/books/${current}`, { programme }, { isOn: current !== undefined })
}
