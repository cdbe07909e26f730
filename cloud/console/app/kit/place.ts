import type { Programmes } from '../../../../shared/console/places.ts'
import { useReading } from '../reading.ts'
import { useAddress } from './address.ts'

const names = ['programme', 'store'] as const

/** For which programme, and which of its stores, the figures are asked. */
export function usePlace(): { programme?: string; store?: string } {
  const [{ programme, store }] = useAddress(names)
  return { ...(programme && { programme }), ...(store && { store }) }
}

/** By whose clock the days of its reports are; undefined until it is known. */
export function useShopsTimeZone(): string | undefined {
  const { programme } = usePlace()
  const { data } = useReading<Programmes>('/v1/console/programmes')
  const programmes = data?.programmes ?? []
  return (programmes.find(({ id }) => String(id) === programme) ?? programmes[0])?.timeZone
}
