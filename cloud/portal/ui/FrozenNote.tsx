import type { HeardMe } from '../../../shared/me.ts'
import { useTexts } from '../portal.ts'
import { Icon } from './Icon.tsx'

/** Why nothing is earned or spent, to whom it may be strange; `more`: what else it means on this screen. */
export function FrozenNote({ me, more }: { me: HeardMe; more?: string }) {
  const { card: texts } = useTexts()
  const said = texts.frozen[me.isProgrammeFrozen ? 'programme' : 'card'](me.supportContact)
  return (
    <p className="note warn" role="status">
      <Icon name="lock" />
      {more === undefined ? said : `${more} ${said}`}
    </p>
  )
}
