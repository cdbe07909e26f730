import { useProgrammes } from '../kit/place.ts'

/** Of the programme that is chosen, or the first one. */
export function useStoreNames(): ReadonlyMap<number, string> {
  const { chosen } = useProgrammes()
  return new Map(chosen?.stores.map(({ id, name }) => [id, name]))
}
