import type { Failure, Snapshot } from '../../../shared/bridge.ts'
import { keyOfWay, sentencesOf, type WayOn, wayOnFrom } from '../failure.ts'
import { useKeys } from '../keyboard.ts'
import { useScreen, useSnapshot, useTexts } from '../screen.ts'
import { Icon } from '../ui/Icon.tsx'
import './stage.css'

const keyNames = { enter: 'Enter', f2: 'F2', f3: 'F3' } as const

export function Failed({ act }: { act: Failure }) {
  const screen = useScreen()
  const texts = useTexts()
  const snapshot = useSnapshot((all) => all)
  const { what, points, next } = sentencesOf(act, texts, snapshot.supportContact)
  const way = wayOnFrom(act, snapshot)
  const { main, canEarnOnly } = way
  const key = keyOfWay(way, act.kind)
  const { purchaseKopecks } = act

  const back = () => screen.ask((api) => api.cancel({}))
  const earn = () => canEarnOnly && screen.ask((api) => api.earn({ purchaseKopecks }))
  const again = (confirmDuplicate?: true) => {
    const tap = { purchaseKopecks, ...(confirmDuplicate && { confirmDuplicate }) }
    return screen.ask((api) =>
      act.kind === 'redeem'
        ? api.redeem({ ...tap, points: act.points, withVoucher: act.voucher !== undefined })
        : api.earn(tap),
    )
  }
  const actions: Record<WayOn['main'], () => void> = {
    retry: () => void again(),
    confirm_duplicate: () => void again(true),
    choose: back,
    back,
  }
  useKeys({ escape: back, f2: earn, [key]: actions[main] })

  const isQuestion = main === 'confirm_duplicate'
  return (
    <div className="stage">
      <div className={isQuestion || act.fate === 'held' ? 'verdict waiting' : 'verdict bad'}>
        <Icon name="alert" />
      </div>
      <h1 className="num">{what}</h1>
      <p className="stage-points num">{points}</p>
      <p className="stage-next">{next}</p>
      <div className="buttons">
        <button type="button" className="button main tall" onClick={actions[main]}>
          {mainText(main, snapshot, texts)}
          <kbd>{keyNames[key]}</kbd>
        </button>
        {canEarnOnly && (
          <button type="button" className="button tall" onClick={earn}>
            {texts.error.earnOnly}
            <kbd>F2</kbd>
          </button>
        )}
        {main !== 'back' && main !== 'choose' && (
          <button type="button" className="button tall" onClick={back}>
            {texts.common.cancel}
            <kbd>Esc</kbd>
          </button>
        )}
      </div>
    </div>
  )
}

function mainText(
  main: WayOn['main'],
  { customer, sale }: Pick<Snapshot, 'customer' | 'sale'>,
  { error, common }: ReturnType<typeof useTexts>,
): string {
  switch (main) {
    case 'retry':
      return error.retry
    case 'confirm_duplicate':
      return error.secondPurchase
    case 'choose':
      return error.choose
    case 'back':
      return customer && sale ? error.toSale : common.understood
  }
}
