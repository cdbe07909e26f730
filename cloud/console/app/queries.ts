import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { problemOf } from './problem.ts'
import { retry } from './reading.ts'
import { SESSION_PATH } from './session.ts'

const FRESH_MS = 10_000

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, { queryKey }) => queryKey[0] !== SESSION_PATH && lookAtSession(error),
  }),
  mutationCache: new MutationCache({ onError: lookAtSession }),
  // Without a network an act fails and says so: it is not to be done later, when nobody looks.
  defaultOptions: { queries: { retry, staleTime: FRESH_MS }, mutations: { networkMode: 'always' } },
})

/** Whatever is turned away because the session has ended has it read again: it is said once, over the page, by App. */
function lookAtSession(error: Error): void {
  if (problemOf(error).isSignedOut)
    void queryClient.refetchQueries({ queryKey: [SESSION_PATH] }, { cancelRefetch: false })
}
