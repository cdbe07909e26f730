import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { Segment } from '../../../../shared/console/segments.ts'
import { useFormats } from '../format.ts'
import { ActDialog } from '../kit/ActDialog.tsx'
import { Facts, Panel, Time } from '../kit/Page.tsx'
import { usePlace } from '../kit/place.ts'
import { Who } from '../kit/Who.tsx'
import { kitWords } from '../kit/words.ts'
import { useMay, useSession } from '../session.ts'
import { useWords } from '../words.ts'
import { useChoices } from './choices.ts'
import { readDefinition, say } from './say.ts'
import { segmentWords } from './words.ts'

const EVERYBODY = 'all'

/** Who is in one, what goes by it, and what may be done with it. */
export function SegmentPanel({ segment, onClose }: { segment: Segment; onClose: () => void }) {
  const texts = useWords(segmentWords)
  const { close } = useWords(kitWords)
  const formats = useFormats()
  const choices = useChoices()
  const may = useMay()
  const { readings } = useSession()
  const { programme } = usePlace()
  const [isRemoving, setIsRemoving] = useState(false)
  const { name, title, members, uses, savedAt, savedBy, isBuiltIn } = segment
  const facts: [string, ReactNode][] = [
    [texts.members, <b key="m">{formats.whole(members)}</b>],
    [texts.definition, say(readDefinition(segment.definition), { texts, formats, choices })],
    [
      texts.uses,
      uses.length === 0 ? (
        texts.noUses
      ) : (
        <ul key="u" className="plain">
          {uses.map(({ by, name, title }) => (
            <li key={`${by} ${name}`}>
              {texts.usesOf[by]}{' '}
              {by === 'campaign' && readings.includes('campaigns') ? (
                <Link to="/campaigns/$name" params={{ name }}>
                  «{title}»
                </Link>
              ) : (
                `«${title}»`
              )}
            </li>
          ))}
        </ul>
      ),
    ],
    [texts.id, <code key="n">{name}</code>],
  ]
  if (savedAt !== null)
    facts.push([
      texts.saved,
      <span key="s">
        <Time at={savedAt} /> <Who who={savedBy ?? ''} />
      </span>,
    ])
  const mayChange = may('segment add') && name !== EVERYBODY
  const isUsed = uses.length > 0
  return (
    <Panel title={title} close={close} onClose={onClose}>
      <Facts facts={facts} />
      {mayChange && isUsed && <p className="soft">{texts.usedText}</p>}
      <div className="actions">
        <Link className="button main" to="/customers" search={{ segment: name }}>
          {texts.show}
        </Link>
        {mayChange && !isUsed && (
          <Link className="button" to="/segments/editor" search={{ segment: name }}>
            {texts.edit}
          </Link>
        )}
        {may('segment add') && (
          <Link className="button" to="/segments/editor" search={{ segment: name, as: 'copy' }}>
            {texts.copy}
          </Link>
        )}
        {may('segment remove') && !isUsed && !isBuiltIn && (
          <button type="button" onClick={() => setIsRemoving(true)}>
            {texts.remove}
          </button>
        )}
      </div>
      {isRemoving && (
        <ActDialog
          act="segment.remove"
          title={texts.remove}
          submit={texts.remove}
          input={{ name, ...(programme && { programme }) }}
          isDangerous
          onClose={() => setIsRemoving(false)}
        >
          <p>{texts.removeText}</p>
        </ActDialog>
      )}
    </Panel>
  )
}
