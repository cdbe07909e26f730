import type { ExchangeState } from '../../../shared/bridge.ts'
import { defaultProgramme, type Settings } from '../../../shared/programme.ts'
import type { Reading } from '../../../shared/reading.ts'
import { bookAt } from '../../../shared/rules/book.ts'
import { booksOf, type SettingsFile } from '../settings/settings.ts'
import type { CloudTime } from '../time/cloudTime.ts'
import type { SaleGround } from './preview.ts'

/** What the session has to know of this moment: the programme, the book, and whether 1C and the cloud are there. */
export interface World extends SaleGround {
  settings: Reading<Settings>
  isOnline: boolean
  isExchangeReady: boolean
  /** What 1C writes can be read. */
  is1cHeard: boolean
  /** A discount can be laid into the folder of 1C. */
  isExchangeWritable: boolean
  /** An earlier discount whose fate is not known yet: another one must wait. */
  hasOpenRedemption: boolean
  /** Whether it is not known yet who has the discount of this sale: 1C may have it in the receipt. */
  isUnsettled: (saleKey: string) => boolean
}

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
