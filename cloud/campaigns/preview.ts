import { exampleReaders, textToCome } from '../../shared/campaigns/message.ts'
import type { Instant } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { readSegmentsOf } from '../insight/segments/read.ts'
import type { KnownCampaign } from './read.ts'
import { findReader } from './reader.ts'

export interface MessagePreview {
  text: string
  /** The reader's card; null where none of the audience would get the message now, and the reader is made up. */
  card: string | null
  /** About how many of the audience may be told now; those who are left out are off. */
  readers: number
}

/** The message as the member with the newest card would read it now; null where the campaign has no message. */
export async function previewMessage(
  sql: Sql | Tx,
  { programmeId, campaign }: Pick<KnownCampaign, 'programmeId' | 'campaign'>,
  { now, timeZone }: { now: Instant; timeZone: string },
): Promise<MessagePreview | null> {
  const { message, audience, name, holdout_percent: holdoutPercent } = campaign
  if (!message) return null
  const segments = await readSegmentsOf(sql, { programmeId, now, timeZone })
  const definition = segments.known.get(audience)?.definition
  if (!definition) return null
  const whose = { definition, segments, campaign: name, holdoutPercent }
  const { reader, readers } = await findReader(sql, whose, now)
  const text = textToCome(message, reader ?? exampleReaders.ru, campaign)
  return { text, card: reader?.card ?? null, readers }
}
