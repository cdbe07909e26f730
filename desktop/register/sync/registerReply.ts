import type { Log } from '../machine/log.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { SettingsFile } from '../settings/settings.ts'
import type { RegisterReply } from './client.ts'

/** Takes the answer of the cloud about this register, its shop and its programme: it is valid at once, and is kept. */
export function takeRegisterReply(
  { serverTime: _, toSettle, ...known }: RegisterReply,
  {
    settings,
    outbox,
    onChange,
    log,
  }: {
    settings: SettingsFile
    outbox: { redemptions: Pick<Outbox['redemptions'], 'find'> }
    onChange: () => void
    log: Log
  },
): void {
  for (const { id, points } of toSettle) {
    if (!outbox.redemptions.find(id))
      log.error(
        { redemption: id, points },
        'the cloud holds points for a redemption that this journal does not know: a person must settle it',
      )
  }
  if (JSON.stringify(known) === JSON.stringify(settings.current().known)) return
  settings
    .hold({ known })
    .catch((error) => log.error({ err: error }, 'the settings could not be saved'))
    .then(onChange)
  onChange()
}
