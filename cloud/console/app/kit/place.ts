import type { Programmes } from '../../../../shared/console/places.ts'
import { useReading } from '../reading.ts'
import { useAddress } from './address.ts'

export const PROGRAMMES_PATH = '/v1/console/programmes'
const names = ['programme', 'store'] as const

/** For which programme, and which of its stores, the figures are asked. */
export function usePlace(): { programme?: string; store?: string } {
  const [{ programme, store }] = useAddress(names)
  return { ...(programme && { programme }), ...(store && { store }) }
}

/** The programmes in sight, and which of them is looked at. */
export function useProgrammes() {
  const { programme } = usePlace()
  const read = useReading<Programmes>(PROGRAMMES_PATH)
  const programmes = read.data?.programmes ?? []
  return { read, programmes, chosen: programmes.find(({ id }) => String(id) === programme) ?? programmes[0] }
}
