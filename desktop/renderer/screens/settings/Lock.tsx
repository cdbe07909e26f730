import { useScreen, useTexts } from '../../screen.ts'
import { PinEntry } from '../../ui/PinEntry.tsx'

/** Saving nothing tells whether the PIN is right. */
export function Lock({ onOpen }: { onOpen: (pin: string) => void }) {
  const screen = useScreen()
  const { settings } = useTexts()
  async function open(pin: string): Promise<boolean> {
    const reply = await screen.ask((api) => api.saveSettings({ pin }))
    if (reply?.ok) onOpen(pin)
    return reply?.ok === true
  }
  return <PinEntry label={settings.pinAsk} onPin={open} onCancel={() => screen.show('none')} />
}
