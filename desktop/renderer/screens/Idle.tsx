import { useState } from 'react'
import type { Notice } from '../../../shared/bridge.ts'
import { known } from '../../../shared/known.ts'
import { useScreen, useSnapshot, useTexts } from '../screen.ts'
import { AmountCard } from '../ui/AmountCard.tsx'
import { JoinedNotes } from '../ui/JoinedNotes.tsx'
import { Note } from '../ui/Note.tsx'
import { CardEntry } from './CardEntry.tsx'
import { Recent } from './Recent.tsx'
import './idle.css'

/** There is no customer: a card is shown, scanned or typed. The camera lies over its place in the left column. */
export function Idle() {
  const texts = useTexts()
  return (
    <>
      <h1 className="unseen">{texts.idle.title}</h1>
      <div className="column">
        <div className="camera-place" />
        <CardEntry />
      </div>
      <div className="column">
        <KeyIsBad />
        <NoticeStrip />
        <JoinedNotes />
        <AmountCard />
        <Recent />
      </div>
    </>
  )
}

function KeyIsBad() {
  const texts = useTexts()
  const screen = useScreen()
  const line = useSnapshot(({ cloud }) => cloud.line)
  if (line !== 'unauthorised' && line !== 'revoked') return null
  return (
    <Note
      tone="bad"
      action={
        <button type="button" className="button" onClick={() => screen.show('settings')}>
          {texts.idle.enrolAgain}
        </button>
      }
    >
      <b>{texts.idle[line]}</b> {texts.idle.enrolNext}
    </Note>
  )
}

const keyOf = ({ code, at }: Notice) => `${code} ${at}`

/** The latest of what went wrong and nobody has hidden; the queue shows all of it. */
function NoticeStrip() {
  const texts = useTexts()
  const notices = useSnapshot((snapshot) => snapshot.notices)
  const [hidden, setHidden] = useState<readonly string[]>([])
  const notice = notices.findLast((notice) => !hidden.includes(keyOf(notice)))
  if (!notice) return null
  return (
    <Note
      tone="warn"
      action={
        <button type="button" className="button" onClick={() => setHidden(notices.map(keyOf))}>
          {texts.common.hide}
        </button>
      }
    >
      {known(texts.notices, notice.code)?.(notice.text) ?? notice.text}
    </Note>
  )
}
