import { useEffect, useRef } from 'react'
import { preferences, type Theme, useTheme } from '../preferences.ts'
import { useSession } from '../session.ts'
import { roleWords } from '../staffWords.ts'
import { useLanguage, useWords } from '../words.ts'
import { shellWords } from './words.ts'

const themes: Theme[] = ['system', 'light', 'dark']

/** Who is signed in, how they like it, and the way out. */
export function Account({ clock }: { clock: string }) {
  const texts = useWords(shellWords)
  const roles = useWords(roleWords)
  const session = useSession()
  const theme = useTheme()
  const language = useLanguage()
  const menu = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const close = (event: Event) => {
      const isKey = event instanceof KeyboardEvent
      if (isKey ? event.key !== 'Escape' : menu.current?.contains(event.target as Node)) return
      if (menu.current) menu.current.open = false
    }
    addEventListener('pointerdown', close)
    addEventListener('keydown', close)
    return () => {
      removeEventListener('pointerdown', close)
      removeEventListener('keydown', close)
    }
  }, [])

  return (
    <details className="account" ref={menu}>
      <summary>
        <i aria-hidden="true">{session.name.slice(0, 1).toUpperCase()}</i>
        <span>{session.name}</span>
      </summary>
      <div className="card">
        <p>
          <b>{session.name}</b>
          <br />
          <span className="soft">{session.roles.map((role) => roles[role]).join(', ')}</span>
        </p>
        <p className="soft">{clock}</p>
        <fieldset className="tabs">
          <legend>{texts.theme}</legend>
          {themes.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={each === theme}
              onClick={() => preferences.keepTheme(each)}
            >
              {texts.themes[each]}
            </button>
          ))}
        </fieldset>
        <fieldset className="tabs">
          <legend>{texts.language}</legend>
          {(['ru', 'en'] as const).map((each) => (
            <button
              key={each}
              type="button"
              lang={each}
              aria-pressed={each === language}
              onClick={() => preferences.keepLanguage(each)}
            >
              {each === 'ru' ? 'Русский' : 'English'}
            </button>
          ))}
        </fieldset>
        <div className="actions">
          <a className="button" href="/console/account">
            {texts.account}
          </a>
          <form method="post" action="/console/logout">
            <input type="hidden" name="csrf" value={session.csrf} />
            <button type="submit">{texts.signOut}</button>
          </form>
        </div>
      </div>
    </details>
  )
}
