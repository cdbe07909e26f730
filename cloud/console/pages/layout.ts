import { html } from 'hono/html'
import type { Language } from '../../../shared/me.ts'
import type { Instant } from '../../../shared/time.ts'
import { type Html, messageCard, shell } from '../../http/pages/shell.ts'
import { texts } from '../texts.ts'

export { csrfField, type Html } from '../../http/pages/shell.ts'

/** Who looks at a page, if that is known, and in which language and by which clocks: those of the shops. */
export interface Viewer {
  language: Language
  timeZone: string
  account?: string
  csrf?: string
}

interface Page {
  title: string
  viewer: Viewer
  body: Html
  script?: string
}

export function layout({ title, viewer: { language, account, csrf }, body, script }: Page): Html {
  const words = texts[language]
  return shell({
    ...{ language, title: `${title} · Kopilka`, of: { path: '/console', name: words.console } },
    ...{ signedIn: account && csrf ? { account, csrf, signOut: words.signOut } : null, script, body },
  })
}

/** `29 нояб. 2026 г., 19:00` */
export const moment = (at: Instant, { language, timeZone }: Viewer) =>
  new Intl.DateTimeFormat(language === 'ru' ? 'ru-RU' : 'en-GB', {
    ...{ dateStyle: 'medium', timeStyle: 'short', timeZone },
  }).format(at)

/** A page of the sign-in that leads on to the one that was wanted. */
export const onTheWay = (page: string, next: string) =>
  next === '/console' ? page : `${page}?${new URLSearchParams({ next })}`

/** Goes on by itself, as a link of our own, with which the browser does bring the cookie of the session. */
export const onwardPage = (viewer: Viewer, next: string): Html =>
  layout({
    ...{ title: texts[viewer.language].next, viewer },
    body: html`<meta http-equiv="refresh" content="0; url=${next}"><p><a href="${next}">${texts[viewer.language].next}</a></p>`,
  })

export const problemLine = (problem: string | null) =>
  problem && html`<p class="problem" role="alert">${problem}</p>`

export function messagePage({ text, viewer }: { text: string; viewer: Viewer }): Html {
  const { failed, back } = texts[viewer.language]
  return layout({
    ...{ title: failed, viewer },
    body: messageCard({ title: failed, text, back: ['/console', back] }),
  })
}
