import { RouterProvider } from '@tanstack/react-router'
import { useEffect } from 'react'
import { Shown } from './kit/Shown.tsx'
import { useKeptLanguage } from './preferences.ts'
import { problemOf } from './problem.ts'
import { useReading } from './reading.ts'
import { router } from './router.tsx'
import { type Session, SessionContext } from './session.ts'
import { LanguageContext } from './words.ts'

/** The console of who is signed in; what is not proven yet, the pages of the sign-in ask for. */
export function App() {
  const session = useReading<Session>('/v1/console/session')
  const kept = useKeptLanguage()
  const language = kept ?? session.data?.language ?? 'ru'
  const isUnproven = session.error !== null && problemOf(session.error).code === 'second_factor_missing'
  useEffect(() => {
    if (isUnproven) location.assign('/console/second-factor')
  }, [isUnproven])
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  return (
    <LanguageContext value={language}>
      <Shown of={session} lines={8}>
        {(session) => (
          <SessionContext value={session}>
            <RouterProvider router={router} />
          </SessionContext>
        )}
      </Shown>
    </LanguageContext>
  )
}
