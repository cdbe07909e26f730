import { html } from 'hono/html'
import { type Instant, toIso } from '../../../shared/time.ts'
import type { Detail } from '../detail.ts'
import { offset } from '../words.ts'
import { type ActionName, actions } from './actions.ts'
import { type Html, layout, type Viewer } from './layout.ts'
import { alertList, none, since, stateMark, utc } from './parts.ts'

export function registerPage({ detail, viewer }: { detail: Detail; viewer: Viewer }) {
  const { registerId, name, store } = detail.register
  return layout({
    title: `${store.name}, ${name}`,
    viewer,
    body: html`<p class="back"><a href="/fleet">← All registers</a></p>
<p id="stale" class="problem" role="status" hidden>The page does not reach the cloud: what it shows is not of now.</p>
<div id="live" data-from="/fleet/registers/${registerId}/live">${registerDetail(detail)}</div>`,
  })
}

/** What changes by itself. */
export function registerDetail(detail: Detail): Html {
  const { register, alerts, at } = detail
  return html`<div class="head"><h1>${register.name} <span class="soft">${register.store.name}</span></h1>${stateMark(register)}</div>
<nav class="actions" aria-label="Actions">${actionLinks(detail)}</nav>
<div class="columns">
<section class="card"><h2>Now</h2>${facts(detail)}</section>
<section class="card"><h2>Latest errors</h2>${errors(detail)}</section>
<section class="card"><h2>Alerts</h2>${
    alerts.length > 0
      ? alertList(
          alerts.map(({ where: _, ...alert }) => alert),
          at,
        )
      : html`<p class="soft">None so far.</p>`
  }</section>
<section class="card"><h2>Diagnostics</h2>${diagnostics(detail)}</section>
</div>
<section class="card"><h2>Changes</h2>${changes(detail)}</section>`
}

function actionLinks({ register }: Detail): Html[] {
  const names = (Object.keys(actions) as ActionName[]).filter(
    (name) => register.revokedAt === null || name === 'code' || name === 'channel',
  )
  return names.map(
    (name) =>
      html`<a class="button ${actions[name].tone}" href="/fleet/registers/${register.registerId}/${name}">${actions[name].act.title}</a>`,
  )
}

function facts({ register, operations, codeUntil, at }: Detail): Html {
  const { heartbeat, store, queuedSince, revokedAt } = register
  const fact = (what: string, value: Html | string | number) => html`<dt>${what}</dt><dd>${value}</dd>`
  const update = heartbeat?.update
  return html`<dl>
${fact('Key', revokedAt === null ? 'valid' : html`revoked ${since(revokedAt, at)} ago`)}
${codeUntil === null ? '' : fact('Pairing code', html`open until ${utc(codeUntil)}`)}
${fact('Seen', register.lastSeenAt === null ? 'never' : html`${since(register.lastSeenAt, at)} ago`)}
${fact('Version', register.version ?? none)}
${fact('Channel', register.channel)}
${fact('Update', update ? [update.state, update.version, update.problem].filter(Boolean).join(', ') : none)}
${fact('Queue', queuedSince === null ? (heartbeat?.queueDepth ?? none) : html`${heartbeat?.queueDepth}, the oldest for ${since(queuedSince, at)}`)}
${fact('Parked', heartbeat?.parked ?? none)}
${fact('Exchange with 1C', heartbeat?.exchange ?? none)}
${fact('Clock offset', offset(heartbeat?.clockOffsetMs ?? null))}
${fact('Operations', html`${operations.day} in 24 hours, ${operations.week} in 7 days${operations.latestAt === null ? '' : html`, the last ${since(operations.latestAt, at)} ago`}`)}
${fact('Store hours', store.hours ? `${store.hours.opensAt}–${store.hours.closesAt}, ${store.hours.timeZone}` : 'not set: no alert when it is silent')}
</dl>`
}

function errors({ register, at }: Detail): Html {
  const list = register.heartbeat?.errors ?? []
  if (list.length === 0) return html`<p class="soft">None since the register started.</p>`
  return html`<ul class="log">${list.toReversed().map(({ at: when, text }) => html`<li>${text} <span class="soft">${since(Date.parse(when) || at, at)} ago</span></li>`)}</ul>`
}

function diagnostics({ register, files, at }: Detail): Html {
  const asked = register.diagnosticsAskedAt
  const path = `/fleet/registers/${register.registerId}/diagnostics`
  return html`${asked === null ? '' : html`<p>Asked for ${since(asked, at)} ago: it comes with a heartbeat.</p>`}
${files.length === 0 && asked === null ? html`<p class="soft">Nobody asked for the file yet.</p>` : ''}
<ul class="log">${files.map(({ id, receivedAt, bytes }) => html`<li><a href="${path}/${id}">${utc(receivedAt)}</a> <span class="soft">${Math.ceil(bytes / 1024)} kB</span></li>`)}</ul>`
}

function changes({ changes }: Detail): Html {
  if (changes.length === 0) return html`<p class="soft">None.</p>`
  return html`<div class="scroll" role="region" aria-label="Changes" tabindex="0"><table>
<thead><tr><th>When</th><th>Who</th><th>What</th><th>Before</th><th>After</th></tr></thead>
<tbody>${changes.map(
    ({ at, who, action, before, after }) =>
      html`<tr><td>${moment(at)}</td><td>${who}</td><td>${action}</td><td>${plain(before)}</td><td>${plain(after)}</td></tr>`,
  )}</tbody></table></div>`
}

const moment = (at: Instant) => html`<time datetime="${toIso(at)}">${utc(at)}</time>`

function plain(values: unknown): Html | string {
  if (typeof values !== 'object' || values === null) return none
  return Object.entries(values)
    .map(([what, value]) => `${what} ${value ?? 'none'}`)
    .join(', ')
}
