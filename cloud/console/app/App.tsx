import { RouterProvider } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { PROGRAMMES_PATH } from './kit/place.ts'
import { Shown } from './kit/Shown.tsx'
import { useKeptLanguage } from './preferences.ts'
import { problemOf } from './problem.ts'
import { useReading } from './reading.ts'
import { router } from './router.tsx'
import { SESSION_PATH, type Session, SessionContext } from './session.ts'
import { SignedOut } from './shell/SignedOut.tsx'
import { LanguageContext } from './words.ts'

/** The console of who is signed in; what is not proven yet, the pages of the sign-in ask for. */
export function App() {
  const session = useReading<Session>(SESSION_PATH)
  // The shell asks for them too; here they do not wait for the session.
  useReading(PROGRAMMES_PATH)
  const { data, error } = session
  const kept = useKeptLanguage()
  const language = kept ?? data?.language ?? 'ru'
  const problem = error && problemOf(error)
  const isOut = problem?.isSignedOut === true
  useSignInPages({
    isUnproven: problem?.code === 'second_factor_missing',
    isStranger: isOut && data === undefined,
    name: data?.name,
  })
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  return (
    <LanguageContext value={language}>
      {data ? (
        <SessionContext value={data}>
          <RouterProvider router={router} />
          {isOut && <SignedOut />}
        </SessionContext>
      ) : (
        <Shown of={session} lines={8}>
          {() => null}
        </Shown>
      )}
    </LanguageContext>
  )
}

interface Standing {
  isUnproven: boolean
  isStranger: boolean
  name: string | undefined
}

/** Where there is nothing on the page to lose, or it is of somebody else, the cloud's own pages say what comes next. */
function useSignInPages({ isUnproven, isStranger, name }: Standing): void {
  const first = useRef<string>(undefined)
  useEffect(() => {
    if (isUnproven) location.assign('/console/second-factor')
    if (isStranger) {
      const next = `${location.pathname}${location.search}`
      location.assign(`/console/login?${new URLSearchParams({ next })}`)
    }
  }, [isUnproven, isStranger])
  useEffect(() => {
    first.current ??= name
    if (name !== first.current) location.reload()
  }, [name])
}
