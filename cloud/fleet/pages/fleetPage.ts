import { html } from 'hono/html'
import { choose, type Filter, isIn, type State } from '../filter.ts'
import { type Fleet, type FleetRegister, isExchangeBad } from '../read.ts'
import { offset } from '../words.ts'
import { type Html, layout, type Viewer } from './layout.ts'
import { alertList, none, since, stateMark, stateOf } from './parts.ts'

const ALERTS_SHOWN = 8

export function fleetPage({ fleet, filter, viewer }: { fleet: Fleet; filter: Filter; viewer: Viewer }) {
  return layout({
    title: 'Registers',
    viewer,
    body: html`<h1 class="unseen">Registers</h1>
${filters(fleet, filter)}
<p id="stale" class="problem" role="status" hidden>The page does not reach the cloud: what it shows is not of now.</p>
<div id="live" data-from="/fleet/table${queryOf(filter)}">${fleetTable({ fleet, filter })}</div>`,
  })
}

/** What changes by itself; the script of the page fetches it anew. */
export function fleetTable({ fleet, filter }: { fleet: Fleet; filter: Filter }): Html {
  const shown = choose(fleet.registers, filter)
  return html`${tiles(fleet, filter)}
${fleet.alerts.length > 0 ? openAlerts(fleet) : ''}
<div class="scroll" role="region" aria-label="Registers" tabindex="0"><table>
<thead><tr><th>State</th><th>Store</th><th>Register</th><th>Version</th><th>Seen</th><th>Queue</th><th>Parked</th><th>Exchange with 1C</th><th>Clock</th><th>Update</th></tr></thead>
<tbody>${shown.map((register) => row(register, fleet.at))}</tbody>
</table></div>
${shown.length === 0 ? html`<p class="soft centred">No register is like that.</p>` : ''}`
}

function row(register: FleetRegister, now: number): Html {
  const { heartbeat, store, name, version, channel, lastSeenAt, queuedSince, registerId } = register
  return html`<tr class="${stateOf(register).tone}">
<td>${stateMark(register)}</td>
<td>${store.name}</td>
<td class="name"><a href="/fleet/registers/${registerId}">${name}</a></td>
<td class="name">${version ?? none}${channel === 'stable' ? '' : html` <span class="chip">${channel}</span>`}</td>
<td class="number">${since(lastSeenAt, now)}</td>
<td class="number">${queuedSince === null ? (heartbeat?.queueDepth ?? none) : html`<b>${heartbeat?.queueDepth}</b> for ${since(queuedSince, now)}`}</td>
<td class="number">${heartbeat?.parked ? html`<b>${heartbeat.parked}</b>` : (heartbeat?.parked ?? none)}</td>
<td class="${isExchangeBad(heartbeat?.exchange ?? null) ? 'alarming' : ''}">${heartbeat?.exchange ?? none}</td>
<td class="number">${offset(heartbeat?.clockOffsetMs ?? null)}</td>
<td>${updateOf(register)}</td>
</tr>`
}

function updateOf({ heartbeat }: FleetRegister): Html | string {
  if (!heartbeat?.update) return none
  const { state, version, problem } = heartbeat.update
  return html`${state} ${version}${problem && html` <span class="alarming">${problem}</span>`}`
}

function openAlerts({ alerts, at }: Fleet): Html {
  const more = alerts.slice(ALERTS_SHOWN)
  return html`<section aria-label="Open alerts" class="card">${alertList(alerts.slice(0, ALERTS_SHOWN), at)}
${more.length > 0 ? html`<details><summary>and ${more.length} more</summary>${alertList(more, at)}</details>` : ''}</section>`
}

function tiles({ registers, alerts }: Fleet, filter: Filter): Html {
  const used = registers.filter(({ revokedAt }) => revokedAt === null)
  const tile = (state: State, count: number, text: string) =>
    html`<a class="tile ${count > 0 && state !== 'all' ? state : ''}" href="/fleet${queryOf({ ...filter, state })}" ${filter.state === state && 'aria-current=true'}><b>${count}</b> ${text}</a>`
  const inState = (state: State) => used.filter((register) => isIn(state, register)).length
  return html`<nav class="tiles" aria-label="By state">
${tile('all', used.length, used.length === 1 ? 'register' : 'registers')}
${tile('attention', inState('attention'), 'to look at')}
${tile('silent', inState('silent'), 'silent')}
<span class="tile"><b>${alerts.length}</b> ${alerts.length === 1 ? 'open alert' : 'open alerts'}</span></nav>`
}

function filters({ registers }: Fleet, filter: Filter): Html {
  const stores = new Map(registers.map(({ store }) => [store.id, store.name]))
  const versions = [...new Set(registers.flatMap(({ version }) => version ?? []))].sort().reverse()
  const option = (value: string | number, text: string, isChosen: boolean) =>
    html`<option value="${value}" ${isChosen && 'selected'}>${text}</option>`
  return html`<form class="filters" method="get" action="/fleet">
<label>Store<select name="store">${option('', 'All stores', filter.store === null)}${[...stores].map(([id, name]) => option(id, name, id === filter.store))}</select></label>
<label>State<select name="state">${option('all', 'All', filter.state === 'all')}${option('attention', 'To look at', filter.state === 'attention')}${option('silent', 'Silent', filter.state === 'silent')}</select></label>
<label>Version<select name="version">${option('', 'Any', !filter.version)}${versions.map((version) => option(version, version, version === filter.version))}</select></label>
<button type="submit">Show</button>
</form>`
}

function queryOf({ store, state, version }: Filter): string {
  const query = new URLSearchParams()
  if (store !== null) query.set('store', String(store))
  if (state !== 'all') query.set('state', state)
  if (version) query.set('version', version)
  return query.size > 0 ? `?${query}` : ''
}
