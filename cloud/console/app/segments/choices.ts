import type { Statuses } from '../../../../shared/console/statuses.ts'
import type { Choice } from '../kit/Field.tsx'
import { usePlace, useProgrammes } from '../kit/place.ts'
import { useReading } from '../reading.ts'

/** What the lists of conditions are chosen from, by the name of their field. */
export interface Choices {
  names: Choice[]
  ids: Choice[]
}

export function useChoices(): Choices {
  const { programme } = usePlace()
  const { chosen } = useProgrammes()
  const { data: standing } = useReading<Statuses>('/v1/console/statuses', { programme })
  return {
    names: (standing?.statuses ?? []).map(({ name, title }) => ({ value: name, title })),
    ids: (chosen?.stores ?? []).map(({ id, name }) => ({ value: String(id), title: name })),
  }
}
