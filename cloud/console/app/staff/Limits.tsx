import { Checks } from '../kit/Field.tsx'
import { useProgrammes } from '../kit/place.ts'
import { useWords } from '../words.ts'
import { staffPageWords } from './words.ts'

export interface Limits {
  programmes: string[]
  stores: string[]
}

/** Nothing chosen is all of them, those that come later too: an act that is not told of a limit sets none. */
export const limitsOf = ({ programmes, stores }: Limits) => ({
  ...(programmes.length > 0 && { programmes }),
  ...(stores.length > 0 && { stores }),
})

/** What somebody sees a part of, where there is more than one. */
export function LimitFields({ limits, onChange }: { limits: Limits; onChange: (limits: Limits) => void }) {
  const texts = useWords(staffPageWords)
  const { programmes } = useProgrammes()
  const stores = programmes.flatMap(({ stores }) => stores)
  const choices = (named: { id: number; name: string }[]) =>
    named.map(({ id, name }) => ({ value: String(id), title: name }))
  return (
    <>
      {programmes.length > 1 && (
        <Checks
          title={texts.onlyProgrammes}
          hint={texts.limitsHint}
          values={limits.programmes}
          choices={choices(programmes)}
          onChange={(programmes) => onChange({ ...limits, programmes })}
        />
      )}
      {stores.length > 1 && (
        <Checks
          title={texts.onlyStores}
          hint={texts.limitsHint}
          values={limits.stores}
          choices={choices(stores)}
          onChange={(stores) => onChange({ ...limits, stores })}
        />
      )}
    </>
  )
}
