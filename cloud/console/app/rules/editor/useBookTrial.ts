import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { BookTrialReply } from '../../../../../shared/console/trials.ts'
import type { BookDocument } from '../../../../../shared/rules/book.ts'
import { ask } from '../../api.ts'
import { useSession } from '../../session.ts'
import { TRIED_DAYS, useTrialReading } from '../../trials/useTrialReading.ts'

const PATH = '/v1/console/book-trial'

/** The latest trial of a book that somebody asked for. */
export function useBookTrial(programme: string | undefined) {
  const { csrf } = useSession()
  const client = useQueryClient()
  const read = useTrialReading<BookTrialReply>(PATH, programme)

  const headers = { 'x-csrf-token': csrf }
  const trying = useMutation({
    /** Null: give it up. */
    async mutationFn(book: { document: BookDocument; follows: number } | null) {
      if (book === null) await ask('DELETE', PATH, { query: { programme }, headers })
      else
        await ask('POST', PATH, {
          json: { ...book, days: TRIED_DAYS, ...(programme && { programme }) },
          headers,
        })
    },
    onSettled: () => client.invalidateQueries({ queryKey: [PATH] }),
  })
  return { read, trying }
}
