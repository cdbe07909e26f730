import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { BookTrialReply } from '../../../../../shared/console/trials.ts'
import type { BookDocument } from '../../../../../shared/rules/book.ts'
import { ask } from '../../api.ts'
import { useReading } from '../../reading.ts'
import { useSession } from '../../session.ts'
import { isOpen } from '../../trials/TrialFrame.tsx'

const PATH = '/v1/console/book-trial'
const EVERY_MS = 1000
const DAYS = 30

/** The latest trial of a book that somebody asked for; asked again and again while it goes on. */
export function useBookTrial(programme: string | undefined) {
  const { csrf } = useSession()
  const client = useQueryClient()
  const [isTrying, setIsTrying] = useState(false)
  const read = useReading<BookTrialReply>(PATH, { programme }, { everyMs: isTrying ? EVERY_MS : 0 })
  const isTrialOpen = isOpen(read.data?.trial)
  useEffect(() => setIsTrying(isTrialOpen), [isTrialOpen])

  const headers = { 'x-csrf-token': csrf }
  const trying = useMutation({
    /** Null: give it up. */
    async mutationFn(book: { document: BookDocument; follows: number } | null) {
      if (book === null) await ask('DELETE', PATH, { query: { programme }, headers })
      else
        await ask('POST', PATH, { json: { ...book, days: DAYS, ...(programme && { programme }) }, headers })
    },
    onSettled: () => client.invalidateQueries({ queryKey: [PATH] }),
  })
  return { read, trying }
}
