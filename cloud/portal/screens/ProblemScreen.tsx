import { isFinal, type ProblemCode } from '../cloudApi.ts'
import { usePortal, useTexts } from '../portal.ts'
import type { IconName } from '../ui/Icon.tsx'
import { Message } from './Message.tsx'

const icons: Partial<Record<ProblemCode, IconName>> = {
  offline: 'away',
  away: 'away',
  init_data_missing: 'card',
  init_data_forged: 'lock',
  init_data_reused: 'lock',
  init_data_old: 'clock',
  busy: 'hourglass',
  registration_closed: 'lock',
}

export function ProblemScreen({ code }: { code: ProblemCode }) {
  const portal = usePortal()
  const texts = useTexts()
  const { title, next } = texts.problems[code]
  const isInTelegram = portal.bridge.isAvailable()
  return (
    <Message icon={icons[code] ?? 'notice'} title={title} next={next}>
      {code === 'consent_outdated' ? (
        <button className="button main" type="button" onClick={() => location.reload()}>
          {texts.reload}
        </button>
      ) : isFinal(code) ? (
        isInTelegram && (
          <button className="button main" type="button" onClick={() => portal.bridge.say('web_app_close')}>
            {texts.close}
          </button>
        )
      ) : (
        <button className="button main" type="button" onClick={() => void portal.load()}>
          {texts.retry}
        </button>
      )}
    </Message>
  )
}
