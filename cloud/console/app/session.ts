import { createContext, useContext } from 'react'
import type { z } from 'zod'
import type { sessionSchema } from '../../../shared/console/session.ts'

export const SESSION_PATH = '/v1/console/session'

/** Who is signed in. `acts` have the names of the log of changes: `customer adjust`. */
export type Session = z.infer<typeof sessionSchema>

export const SessionContext = createContext<Session | null>(null)

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('Nothing of the console is shown to who is not signed in.')
  return session
}

/** What a role may not do is not shown; the door refuses it all the same. */
export function useMay(): (act: string) => boolean {
  const { acts } = useSession()
  return (act) => acts.includes(act)
}
