import { useState } from 'react'
import type { z } from 'zod'
import type { bookSchema } from '../../../../shared/console/books.ts'
import { type BookDocument, bookDocumentSchema } from '../../../../shared/rules/book.ts'
import { readWritten } from '../../../../shared/rules/written.ts'
import { ActDialog } from '../kit/ActDialog.tsx'
import { Dialog } from '../kit/Dialog.tsx'
import { Field } from '../kit/Field.tsx'
import { Shown } from '../kit/Shown.tsx'
import { useReading } from '../reading.ts'
import { useWords } from '../words.ts'
import { baseOf, fields, typedOf, unitOf } from './base.ts'
import type { Books } from './Rules.tsx'
import { ruleWords } from './words.ts'

interface Wanted {
  programme: string | undefined
  onClose: () => void
}

/** Begins with the version that holds now: the base as a form, rules and statuses as they are written. */
export function Publish({ programme, onClose }: Wanted) {
  const texts = useWords(ruleWords)
  const list = useReading<Books>('/v1/console/books', { programme, limit: 20 })
  const current = list.data?.books.find(({ state }) => state === 'current')?.version
  const book = useReading<z.infer<typeof bookSchema>>(
    `/v1/console/books/${current}`,
    { programme },
    { isOn: current !== undefined },
  )
  if (!book.data)
    return (
      <Dialog title={texts.publishTitle} onClose={onClose}>
        {list.error ? <Shown of={list}>{() => null}</Shown> : <Shown of={book}>{() => null}</Shown>}
      </Dialog>
    )
  // A part that was left out has its defaults.
  const document = bookDocumentSchema.parse(book.data.document)
  return <Form document={document} programme={programme} onClose={onClose} />
}

function Form({ document, programme, onClose }: Wanted & { document: BookDocument }) {
  const texts = useWords(ruleWords)
  const { base: _, ...others } = document
  const [typed, setTyped] = useState(() => typedOf(document.base))
  const [json, setJson] = useState(() => JSON.stringify(others, null, 2))
  const [reason, setReason] = useState('')
  const [at, setAt] = useState('')
  const base = baseOf(typed)
  const rest = objectOf(json)
  const problems = base && rest ? readWritten({ ...rest, base }).problems : []
  const isWhole = base !== null && rest !== null && problems.length === 0 && reason.trim() !== ''
  return (
    <ActDialog
      act="book.publish"
      title={texts.publishTitle}
      submit={texts.submit}
      input={
        isWhole
          ? {
              document: { ...rest, base },
              reason,
              ...(at && { at: new Date(at).toISOString() }),
              ...(programme && { programme }),
            }
          : null
      }
      onClose={onClose}
    >
      <p>{texts.publishText}</p>
      <div className="two">
        {fields.map((field) => (
          <Field
            key={field}
            title={`${texts.fields[field] ?? field.replaceAll('_', ' ')}, ${texts.units[unitOf(field)]}`}
            value={typed[field]}
            fault={baseOf({ ...typedOf(document.base), [field]: typed[field] }) ? null : texts.baseFault}
            kind="number"
            longest={14}
            onChange={(value) => setTyped({ ...typed, [field]: value })}
          />
        ))}
      </div>
      <details>
        <summary>{texts.json}</summary>
        <textarea
          aria-label={texts.json}
          rows={12}
          value={json}
          spellCheck={false}
          onChange={(event) => setJson(event.target.value)}
        />
        {rest === null && <p className="fault">{texts.jsonFault}</p>}
      </details>
      {problems.length > 0 && (
        <ul className="plain problem">
          {problems.slice(0, 5).map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              <code>{path}</code> {message}
            </li>
          ))}
        </ul>
      )}
      <Field title={texts.at} hint={texts.atHint} value={at} onChange={setAt} kind="datetime-local" />
      <Field title={texts.reason} value={reason} onChange={setReason} longest={100} isRequired />
    </ActDialog>
  )
}

function objectOf(text: string): object | null {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? read : null
  } catch {
    return null
  }
}
