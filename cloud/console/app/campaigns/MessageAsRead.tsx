import { Link } from '@tanstack/react-router'
import { type CampaignMessage, exampleReaders, textToCome } from '../../../../shared/campaigns/message.ts'
import type { MessageReader } from '../../../../shared/console/campaigns.ts'
import { useFormats } from '../format.ts'
import { usePlace } from '../kit/place.ts'
import { useReading } from '../reading.ts'
import { useSession } from '../session.ts'
import { useLanguage, useWords } from '../words.ts'
import { messageWords } from './messageWords.ts'
import './campaigns.css'

interface Wanted {
  message: CampaignMessage
  gift: { points: number } | undefined
  until: string | undefined
  segment: string
  holdout: number
  /** Absent: it has no name yet, so nobody is left out of it. */
  campaign?: string
}

/** The message as one of its readers would get it now, and about how many they are. */
export function MessageAsRead({ message, gift, until, segment, holdout, campaign }: Wanted) {
  const texts = useWords(messageWords)
  const formats = useFormats()
  const language = useLanguage()
  const { programme } = usePlace()
  const mayOpen = useSession().readings.includes('customers')
  const asked = { programme, segment, holdout, campaign }
  const { data } = useReading<MessageReader>('/v1/console/audience/reader', asked)
  const reader = data?.reader
  const example = exampleReaders[language]
  const whose = () => {
    if (!data) return texts.shown
    if (!reader) {
      const somebody = texts.examplePoints(example.firstName ?? '', formats.points(example.points))
      return `${data.readers === 0 ? texts.nobody : texts.example} ${somebody}.`
    }
    const card = formats.card(reader.card)
    return (
      <>
        {texts.asReadBy(reader.firstName ?? texts.somebody)}{' '}
        {mayOpen ? (
          <Link to="/customers/$id" params={{ id: String(reader.id) }}>
            {card}
          </Link>
        ) : (
          card
        )}
      </>
    )
  }
  return (
    <figure className="bubble">
      <figcaption className="soft">
        {whose()}
        {data && data.readers > 0 && ` · ${texts.readers(formats.whole(data.readers))}`}
      </figcaption>
      <p>{textToCome(message, reader ?? example, { gift, until })}</p>
    </figure>
  )
}
