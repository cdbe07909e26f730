import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { BookDocument } from '../../../../../shared/rules/book.ts'
import type { Difference } from '../../../../../shared/rules/difference.ts'
import { momentOf } from '../../../../../shared/rules/localTime.ts'
import { toIso } from '../../../../../shared/time.ts'
import { ActDialog } from '../../kit/ActDialog.tsx'
import { Field } from '../../kit/Field.tsx'
import { usePlace } from '../../kit/place.ts'
import { useTimeZone } from '../../timeZone.ts'
import { useWords } from '../../words.ts'
import { Differences } from '../Differences.tsx'
import type { Titles } from '../rule/known.ts'
import { bookEditorWords } from './words.ts'

interface Wanted {
  book: {
    document: BookDocument
    /** The version that it was made from. */
    follows: number
    differences: Difference[]
    titles: Titles
  }
  onClose: () => void
}

/** The last look at what changes, why, and from when on. */
export function Publish({ book: { document, follows, differences, titles }, onClose }: Wanted) {
  const texts = useWords(bookEditorWords)
  const navigate = useNavigate()
  const { programme } = usePlace()
  const timeZone = useTimeZone()
  const [reason, setReason] = useState('')
  const [at, setAt] = useState('')
  return (
    <ActDialog
      act="book.publish"
      title={texts.publishTitle}
      submit={texts.submit}
      input={
        reason.trim() === ''
          ? null
          : {
              ...{ document, follows, reason },
              ...(at && { at: toIso(momentOf(at, timeZone)) }),
              ...(programme && { programme }),
            }
      }
      onDone={() => void navigate({ to: '/rules', ignoreBlocker: true })}
      onClose={onClose}
    >
      <p>{texts.publishText}</p>
      <Differences of={differences} titles={titles} />
      <Field title={texts.at} hint={texts.atHint} value={at} onChange={setAt} kind="datetime-local" />
      <Field title={texts.reason} value={reason} onChange={setReason} longest={100} isRequired />
    </ActDialog>
  )
}
