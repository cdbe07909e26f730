import type { Programmes } from '../../../../shared/console/places.ts'
import { usePlace } from '../kit/place.ts'
import { useReading } from '../reading.ts'

/** Of the programme that is chosen, or the first one. */
export function useStoreNames(): ReadonlyMap<number, string> {
  const { programme } = usePlace()
  const { data } = useReading<Programmes>('/v1/console/programmes')
  const programmes = data?.programmes ?? []
  const chosen = programmes.find(({ id }) => String(id) === programme) ?? programmes[0]
  return new Map(chosen?.stores.map(({ id, name }) => [id, name]))
}
