import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import { shownLine, shownLines } from '../../shared/text.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import { flagInput } from '../acts/inputs.ts'
import type { Alert } from '../fleet/alerts.ts'
import { type Fleet, type FleetRegister, readFleet } from '../fleet/read.ts'
import { ago, offset } from '../fleet/words.ts'
import { type Command, command, type House } from './command.ts'
import { table } from './print.ts'

const LOOK_EVERY_MS = 2000
const CLEAR_SCREEN = '\x1b[2J\x1b[H'

/** Every register of the chain; with `watch` again and again, until Ctrl-C. */
export async function showFleet({ sql, now, show }: House, { watch }: { watch: boolean }) {
  let fleet = await readFleet(sql, now)
  if (!watch) return jsonOf(fleet)
  const stopped = new AbortController()
  void once(process, 'SIGINT', { signal: stopped.signal }).then(
    () => stopped.abort(),
    () => {},
  )
  while (!stopped.signal.aborted) {
    show(jsonOf(fleet), `${process.stdout.isTTY ? CLEAR_SCREEN : ''}${shownLines(textOf(jsonOf(fleet)))}\n`)
    await setTimeout(LOOK_EVERY_MS, null, { signal: stopped.signal }).catch(() => {})
    fleet = await readFleet(sql, Date.now())
  }
  return jsonOf(fleet)
}

const isoOrNull = (at: Instant | null) => (at === null ? null : toIso(at))

function jsonOf({ at, registers, alerts }: Fleet) {
  return { at: toIso(at), registers: registers.map(registerOf), alerts: alerts.map(alertOf) }
}

function registerOf(register: FleetRegister) {
  const { lastSeenAt, revokedAt, diagnosticsAskedAt, queuedSince, alerts, ...rest } = register
  return {
    ...rest,
    lastSeenAt: isoOrNull(lastSeenAt),
    revokedAt: isoOrNull(revokedAt),
    diagnosticsAskedAt: isoOrNull(diagnosticsAskedAt),
    queuedSince: isoOrNull(queuedSince),
    alerts: alerts.map(alertOf),
  }
}

const alertOf = ({ since, endedAt, ...alert }: Alert) => ({
  ...alert,
  since: toIso(since),
  endedAt: isoOrNull(endedAt),
})

function textOf({ at, registers, alerts }: ReturnType<typeof jsonOf>): string {
  const now = Date.parse(at)
  const since = (iso: string | null) => (iso === null ? null : ago(now - Date.parse(iso)))
  const rows = registers.map(({ store, heartbeat, ...register }) => [
    register.registerId,
    store.name,
    register.name,
    register.version,
    register.channel,
    register.revokedAt ? 'revoked' : (since(register.lastSeenAt) ?? 'never'),
    heartbeat?.queueDepth ?? null,
    since(register.queuedSince),
    heartbeat?.parked ?? null,
    heartbeat?.exchange ?? null,
    offset(heartbeat?.clockOffsetMs ?? null),
    heartbeat?.update ? [heartbeat.update.state, heartbeat.update.version].filter(Boolean).join(' ') : null,
    register.concerns.join(', ') || (register.isSilent ? 'silent' : ''),
  ])
  const headings = ['id', 'store', 'register', 'version', 'channel', 'seen', 'queue', 'oldest', 'parked']
  const fleet = table([...headings, 'exchange', 'clock', 'update', 'look at'], rows)
  const lines = alerts.map(
    ({ where, what, since: began }) =>
      `! ${shownLine(`${where ? `${where}: ` : ''}${what}`)} (for ${since(began)})`,
  )
  return [fleet, ...lines].join('\n')
}

export const fleetCommands: Record<string, Command> = {
  fleet: command({
    usage: 'fleet [--watch]',
    input: z.strictObject({ watch: flagInput }),
    run: showFleet,
    text: textOf,
  }),
}
