import { html } from 'hono/html'
import { type Instant, toIso } from '../../../shared/time.ts'
import type { Alert } from '../alerts.ts'
import type { FleetRegister } from '../read.ts'
import type { Html } from './layout.ts'
import { ago, concernOf, moment } from './words.ts'

/** When a page is made, and by which clocks it tells times: those of the shops. */
export interface Reading {
  at: Instant
  timeZone: string
}

export const none = html`<span class="soft">—</span>`

/** `12 мин`, and the moment itself for who points at it. */
export const since = (at: Instant | null, { at: now, timeZone }: Reading): Html =>
  at === null
    ? none
    : html`<time datetime="${toIso(at)}" title="${moment(at, timeZone)}">${ago(now - at)}</time>`

export function stateOf({ revokedAt, lastSeenAt, isSilent, concerns }: FleetRegister) {
  if (revokedAt !== null) return { tone: 'off', text: 'ключ отозван' }
  if (concerns.length > 0) return { tone: 'bad', text: concerns.map(concernOf).join(', ') }
  if (lastSeenAt === null) return { tone: 'off', text: 'ещё не была' }
  return isSilent ? { tone: 'quiet', text: 'молчит' } : { tone: 'good', text: 'в порядке' }
}

export function stateMark(register: FleetRegister): Html {
  const { tone, text } = stateOf(register)
  return html`<span class="state ${tone}">${text}</span>`
}

/** Without a register's own name on its own page. */
export function alertList(
  alerts: (Omit<Alert, 'where'> & { where?: string | null })[],
  reading: Reading,
): Html {
  return html`<ul class="alerts">${alerts.map(
    ({ kind, where, what, since: began, endedAt }) => html`<li class="${endedAt === null ? 'open' : 'over'}">
<span>${where && html`<b>${where}</b> `}${concernOf(kind)}: ${what}</span>
<span class="soft">${endedAt === null ? html`уже ${since(began, reading)}` : html`кончилась ${since(endedAt, reading)} назад`}</span></li>`,
  )}</ul>`
}
