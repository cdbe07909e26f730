import { html } from 'hono/html'
import { choose, type Filter, isIn, type State } from '../filter.ts'
import { type Fleet, type FleetRegister, isExchangeBad } from '../read.ts'
import { type Html, layout, type Viewer } from './layout.ts'
import { alertList, none, type Reading, since, stateMark, stateOf } from './parts.ts'
import { alertsWord, exchangeOf, offset, registersWord, updateState } from './words.ts'

const ALERTS_SHOWN = 8

interface Shown {
  fleet: Fleet
  filter: Filter
  /** Of the shops. */
  timeZone: string
}

export function fleetPage({ viewer, ...shown }: Shown & { viewer: Viewer }) {
  const { fleet, filter } = shown
  return layout({
    title: 'Кассы',
    viewer,
    body: html`<h1 class="unseen">Кассы</h1>
${filters(fleet, filter)}
<p id="stale" class="problem" role="status" hidden>Страница не достаёт до облака: то, что на ней, уже не сейчас.</p>
<div id="live" data-from="/fleet/table${queryOf(filter)}">${fleetTable(shown)}</div>`,
  })
}

/** What changes by itself; the script of the page fetches it anew. */
export function fleetTable({ fleet, filter, timeZone }: Shown): Html {
  const reading = { at: fleet.at, timeZone }
  const shown = choose(fleet.registers, filter)
  return html`${tiles(fleet, filter)}
${fleet.alerts.length > 0 ? openAlerts(fleet, reading) : ''}
<div class="scroll" role="region" aria-label="Кассы" tabindex="0"><table>
<thead><tr><th>Состояние</th><th>Магазин</th><th>Касса</th><th>Версия</th><th>На связи</th><th>Очередь</th><th>Отложено</th><th>Обмен с 1С</th><th>Часы</th><th>Обновление</th></tr></thead>
<tbody>${shown.map((register) => row(register, reading))}</tbody>
</table></div>
${shown.length === 0 ? html`<p class="soft centred">Таких касс нет.</p>` : ''}`
}

function row(register: FleetRegister, reading: Reading): Html {
  const { heartbeat, store, name, version, channel, lastSeenAt, queuedSince, registerId } = register
  return html`<tr class="${stateOf(register).tone}">
<td>${stateMark(register)}</td>
<td>${store.name}</td>
<td class="name"><a href="/fleet/registers/${registerId}">${name}</a></td>
<td class="name">${version ?? none}${channel === 'stable' ? '' : html` <span class="chip">${channel}</span>`}</td>
<td class="number">${since(lastSeenAt, reading)}</td>
<td class="number">${queuedSince === null ? (heartbeat?.queueDepth ?? none) : html`<b>${heartbeat?.queueDepth}</b> уже ${since(queuedSince, reading)}`}</td>
<td class="number">${heartbeat?.parked ? html`<b>${heartbeat.parked}</b>` : (heartbeat?.parked ?? none)}</td>
<td class="${isExchangeBad(heartbeat?.exchange ?? null) ? 'alarming' : ''}">${heartbeat?.exchange ? exchangeOf(heartbeat.exchange) : none}</td>
<td class="number">${offset(heartbeat?.clockOffsetMs ?? null)}</td>
<td>${updateOf(register)}</td>
</tr>`
}

function updateOf({ heartbeat }: FleetRegister): Html | string {
  if (!heartbeat?.update) return none
  const { state, version, problem } = heartbeat.update
  return html`${updateState(state)} ${version}${problem && html` <span class="alarming">${problem}</span>`}`
}

function openAlerts({ alerts }: Fleet, reading: Reading): Html {
  const more = alerts.slice(ALERTS_SHOWN)
  return html`<section aria-label="Открытые тревоги" class="card">${alertList(alerts.slice(0, ALERTS_SHOWN), reading)}
${more.length > 0 ? html`<details><summary>и ещё ${more.length}</summary>${alertList(more, reading)}</details>` : ''}</section>`
}

function tiles({ registers, alerts }: Fleet, filter: Filter): Html {
  const used = registers.filter(({ revokedAt }) => revokedAt === null)
  const tile = (state: State, count: number, text: string) =>
    html`<a class="tile ${count > 0 && state !== 'all' ? state : ''}" href="/fleet${queryOf({ ...filter, state })}" ${filter.state === state && 'aria-current=true'}><b>${count}</b> ${text}</a>`
  const inState = (state: State) => used.filter((register) => isIn(state, register)).length
  return html`<nav class="tiles" aria-label="По состоянию">
${tile('all', used.length, registersWord(used.length))}
${tile('attention', inState('attention'), 'требуют внимания')}
${tile('silent', inState('silent'), 'молчат')}
<span class="tile"><b>${alerts.length}</b> ${alertsWord(alerts.length)}</span></nav>`
}

function filters({ registers }: Fleet, filter: Filter): Html {
  const stores = new Map(registers.map(({ store }) => [store.id, store.name]))
  const versions = [...new Set(registers.flatMap(({ version }) => version ?? []))].sort().reverse()
  const option = (value: string | number, text: string, isChosen: boolean) =>
    html`<option value="${value}" ${isChosen && 'selected'}>${text}</option>`
  return html`<form class="filters" method="get" action="/fleet">
<label>Магазин<select name="store">${option('', 'Все магазины', filter.store === null)}${[...stores].map(([id, name]) => option(id, name, id === filter.store))}</select></label>
<label>Состояние<select name="state">${option('all', 'Все', filter.state === 'all')}${option('attention', 'Требуют внимания', filter.state === 'attention')}${option('silent', 'Молчат', filter.state === 'silent')}</select></label>
<label>Версия<select name="version">${option('', 'Любая', !filter.version)}${versions.map((version) => option(version, version, version === filter.version))}</select></label>
<button type="submit">Показать</button>
</form>`
}

function queryOf({ store, state, version }: Filter): string {
  const query = new URLSearchParams()
  if (store !== null) query.set('store', String(store))
  if (state !== 'all') query.set('state', state)
  if (version) query.set('version', version)
  return query.size > 0 ? `?${query}` : ''
}
