import type { Snapshot } from '../../../shared/bridge.ts'
import { known } from '../../../shared/known.ts'
import type { Texts } from '../texts.ts'

/** The line to 1C: a folder that is there is not yet a 1C that uses it. */
export function oneCOf(
  { exchange, is1cHeard }: Pick<Snapshot, 'exchange' | 'is1cHeard'>,
  { header }: Texts,
): { text: string; tone: 'good' | 'warn' | 'bad' } {
  if (exchange.state === 'ok' && !is1cHeard) return { text: header.notHeard, tone: 'warn' }
  const text = known(header.exchange, exchange.state) ?? header.exchange.alert
  return { text, tone: exchange.state === 'ok' ? 'good' : 'bad' }
}
