import { relative } from 'node:path'
import type { Redemption } from '../outbox/redemptions.ts'
import type { Settings, SettingsFile } from '../settings/settings.ts'

/**
 * To meet 1C in another folder, and what is left in the one before. That a discount does not lie in the new one says
 * nothing of it: its own folder can decide it, should 1C be met there again, or else a person.
 */
export function movingTo(
  exchangeFolder: string,
  {
    settings,
    outbox,
  }: { settings: Pick<SettingsFile, 'current'>; outbox: { redemptions: { open(): Redemption[] } } },
): Pick<Settings, 'exchangeFolder' | 'leftIn'> {
  const before = settings.current()
  const isInFolder = ({ step }: Redemption) => step === 'prepared' || step === 'published'
  const places = outbox.redemptions
    .open()
    .filter(isInFolder)
    .map(({ id }) => [id, before.leftIn[id] ?? before.exchangeFolder] as const)
    .filter(([, folder]) => relative(folder, exchangeFolder) !== '')
  return { exchangeFolder, leftIn: Object.fromEntries(places) }
}
