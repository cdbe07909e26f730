import { html } from 'hono/html'
import { type Instant, toIso } from '../../../shared/time.ts'
import type { Alert } from '../alerts.ts'
import type { FleetRegister } from '../read.ts'
import { ago } from '../words.ts'
import type { Html } from './layout.ts'

export const none = html`<span class="soft">—</span>`

export const utc = (at: Instant) => `${toIso(at).slice(0, 19).replace('T', ' ')} UTC`

/** `12 min`, and the moment itself for who points at it. */
export const since = (at: Instant | null, now: Instant): Html =>
  at === null ? none : html`<time datetime="${toIso(at)}" title="${utc(at)}">${ago(now - at)}</time>`

export function stateOf({ revokedAt, lastSeenAt, isSilent, concerns }: FleetRegister) {
  if (revokedAt !== null) return { tone: 'off', text: 'revoked' }
  if (concerns.length > 0) return { tone: 'bad', text: concerns.join(', ') }
  if (lastSeenAt === null) return { tone: 'off', text: 'never seen' }
  return isSilent ? { tone: 'quiet', text: 'silent' } : { tone: 'good', text: 'ok' }
}

export function stateMark(register: FleetRegister): Html {
  const { tone, text } = stateOf(register)
  return html`<span class="state ${tone}">${text}</span>`
}

/** Without a register's own name on its own page. */
export function alertList(alerts: (Omit<Alert, 'where'> & { where?: string | null })[], now: Instant): Html {
  return html`<ul class="alerts">${alerts.map(
    ({ where, what, since: began, endedAt }) => html`<li class="${endedAt === null ? 'open' : 'over'}">
<span>${where && html`<b>${where}</b> `}${what}</span>
<span class="soft">${endedAt === null ? html`for ${since(began, now)}` : html`over, ${since(endedAt, now)} ago`}</span></li>`,
  )}</ul>`
}
