import { html } from 'hono/html'
import type { OpenSession, Session } from '../../access/staff/sessions.ts'
import { utc } from '../../fleet/pages/parts.ts'
import { texts } from '../texts.ts'
import { csrfField, layout, type Viewer } from './layout.ts'

export function homePage(options: {
  viewer: Viewer
  session: Session
  sessions: OpenSession[]
  may: string[]
  hasFleet: boolean
}) {
  const { viewer, session, sessions, may, hasFleet } = options
  const { roles, sees } = session.person
  const words = texts[viewer.language]
  const seen = (ids: number[] | null) => ids?.join(', ') ?? words.all
  return layout({
    ...{ title: words.home, viewer },
    body: html`<section class="card">
<h1>${words.home}: ${session.person.name}</h1>
<p>${words.roles}: <b>${roles.join(', ')}</b>. ${words.programmes}: ${seen(sees.programmes)}. ${words.stores}: ${seen(sees.stores)}.</p>
${may.length > 0 && html`<p>${words.may}: ${may.map((name) => html`<code>${name}</code> `)}</p>`}
<p class="soft">${words.noPages}</p>
<p>${hasFleet && html`<a class="button" href="/fleet">${words.fleet}</a> `}<a class="button" href="/console/second-factor">${words.newFactor}</a></p>
</section>
<section class="card">
<h2>${words.sessions}</h2>
<ul>${sessions.map(
      (open) => html`<li><form method="post" action="/console/sessions/${open.id}/end">${csrfField(viewer)}
<span>${words.since} ${utc(open.createdAt)}, ${words.seen} ${utc(open.seenAt)}, ${open.ip}, ${open.userAgent}${open.id === session.id && html` <b>(${words.thisOne})</b>`}</span>
<button type="submit" class="quiet">${words.end}</button></form></li>`,
    )}</ul>
</section>`,
  })
}
