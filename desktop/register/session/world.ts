import type { ExchangeState } from '../../../shared/bridge.ts'
import { defaultProgramme } from '../../../shared/programme.ts'
import { bookAt } from '../../../shared/rules/book.ts'
import { booksOf, type SettingsFile } from '../settings/settings.ts'
import type { CloudTime } from '../time/cloudTime.ts'
import type { World } from './offer.ts'

/** What the session has to know of this moment: the programme, the book, and whether 1C and the cloud are there. */
export function worldOf({
  settings,
  time,
  connector,
  station,
  journalView,
}: {
  settings: Pick<SettingsFile, 'current'>
  time: Pick<CloudTime, 'guess'>
  connector: { isOnline(): boolean }
  station: { state(): ExchangeState; hasOpenRedemption(): boolean }
  journalView: { isUnsettled: (saleKey: string) => boolean }
}): World {
  const { known } = settings.current()
  const now = time.guess()
  const { state } = station.state()
  return {
    settings: known?.programme ?? defaultProgramme,
    operationFields: known?.operationFields ?? [],
    book: bookAt(booksOf(known), now),
    storeId: known?.store.id ?? null,
    now,
    isOnline: connector.isOnline(),
    isExchangeReady: state !== 'away',
    is1cHeard: state !== 'away' && state !== 'alert',
    isExchangeWritable: state !== 'unwritable',
    hasOpenRedemption: station.hasOpenRedemption(),
    isUnsettled: journalView.isUnsettled,
  }
}
