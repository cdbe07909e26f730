import { usePortal, useTexts } from '../portal.ts'
import { Message } from './Message.tsx'

export function Erased() {
  const portal = usePortal()
  const { erase: texts, close } = useTexts()
  return (
    <Message icon="check" title={texts.done} next={texts.doneNext}>
      {portal.bridge.isAvailable() && (
        <button className="button main" type="button" onClick={() => portal.bridge.say('web_app_close')}>
          {close}
        </button>
      )}
      <button className="button" type="button" onClick={() => void portal.load()}>
        {texts.again}
      </button>
    </Message>
  )
}
