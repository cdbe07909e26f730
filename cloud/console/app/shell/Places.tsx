import { useRouterState } from '@tanstack/react-router'
import { useAddress } from '../kit/address.ts'
import { useProgrammes } from '../kit/place.ts'
import { useWords } from '../words.ts'
import { isByStore } from './pages.ts'
import { shellWords } from './words.ts'

const names = ['programme', 'store'] as const

/** For which programme and store the figures are, where there is a choice. */
export function Places() {
  const texts = useWords(shellWords)
  const [{ store }, change] = useAddress(names)
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const { programmes, chosen } = useProgrammes()
  if (!chosen) return null
  return (
    <div className="places">
      {programmes.length > 1 && (
        <select
          aria-label={texts.programme}
          value={String(chosen.id)}
          onChange={(event) => change({ programme: event.target.value, store: undefined })}
        >
          {programmes.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
      {chosen.stores.length > 1 && isByStore(path) && (
        <select
          aria-label={texts.store}
          value={store ?? ''}
          onChange={(event) => change({ store: event.target.value })}
        >
          <option value="">{texts.allStores}</option>
          {chosen.stores.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </div>
  )
}
