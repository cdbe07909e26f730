import { html } from 'hono/html'
import { roleTitles } from '../../../shared/words/roles.ts'
import type { OpenSession, Session } from '../../access/staff/sessions.ts'
import { texts } from '../texts.ts'
import { csrfField, type Html, layout, moment, type Viewer } from './layout.ts'

/** What somebody is, and where they are signed in. It needs no script, so it is there whatever happens to the rest. */
export function accountPage(options: {
  viewer: Viewer
  session: Session
  sessions: OpenSession[]
  passkeys: Html
  /** Null for whoever has no use for it. */
  telegram: Html | null
  hasConsole: boolean
  hasFleet: boolean
}) {
  const { viewer, session, sessions, passkeys, telegram, hasConsole, hasFleet } = options
  const { roles, sees } = session.person
  const words = texts[viewer.language]
  const seen = (ids: number[] | null) => ids?.join(', ') ?? words.all
  return layout({
    ...{ title: words.account, viewer },
    body: html`<section class="card stack">
<h1>${words.account}: ${session.person.name}</h1>
<p>${words.roles}: <b>${roles.map((role) => roleTitles[viewer.language][role]).join(', ')}</b>. ${words.programmes}: ${seen(sees.programmes)}. ${words.stores}: ${seen(sees.stores)}.</p>
${!hasConsole && html`<p class="soft">${words.notBuilt}</p>`}
<p class="actions">${hasConsole && html`<a class="button" href="/console">${words.toConsole}</a> `}${hasFleet && html`<a class="button" href="/fleet">${words.fleet}</a> `}<a class="button" href="/console/second-factor">${words.newFactor}</a></p>
</section>
${passkeys}
${telegram}
<section class="card">
<h2>${words.sessions}</h2>
<ul class="log">${sessions.map(
      (open) => html`<li><form method="post" action="/console/sessions/${open.id}/end">${csrfField(viewer)}
<span>${words.since} ${moment(open.createdAt, viewer)}, ${words.seen} ${moment(open.seenAt, viewer)}, ${open.ip}, ${open.userAgent}${open.id === session.id && html` <b>(${words.thisOne})</b>`}</span>
<button type="submit" class="quiet">${words.end}</button></form></li>`,
    )}</ul>
</section>`,
  })
}
