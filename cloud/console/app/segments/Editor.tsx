import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { z } from 'zod'
import type { oneSegmentSchema } from '../../../../shared/console/segments.ts'
import { segmentName } from '../../../../shared/rules/rule.ts'
import type { Condition } from '../../../../shared/segments/definition.ts'
import { useFormats } from '../format.ts'
import { ActDialog } from '../kit/ActDialog.tsx'
import { useAddress } from '../kit/address.ts'
import { Field } from '../kit/Field.tsx'
import { inLatin } from '../kit/latin.ts'
import { Page } from '../kit/Page.tsx'
import { usePlace } from '../kit/place.ts'
import { Empty, Shown } from '../kit/Shown.tsx'
import { Unsaved } from '../kit/Unsaved.tsx'
import { useReading } from '../reading.ts'
import { useMay } from '../session.ts'
import { useWords } from '../words.ts'
import { useChoices } from './choices.ts'
import { definitionOf, draftOf } from './draft.ts'
import { GroupFields } from './GroupFields.tsx'
import { Preview } from './Preview.tsx'
import { readDefinition, say } from './say.ts'
import { segmentWords } from './words.ts'
import './segments.css'

type Saved = z.infer<typeof oneSegmentSchema>

const names = ['segment', 'as'] as const
/** Of a name of a segment. */
const LONGEST_NAME = 64

/** A new segment, or one that is changed or copied; beside the form stands who fits. */
export function Editor() {
  const texts = useWords(segmentWords)
  const may = useMay()
  const { programme } = usePlace()
  const [{ segment, as }] = useAddress(names)
  const saved = useReading<Saved>(
    `/v1/console/segments/${encodeURIComponent(segment ?? '')}`,
    { programme },
    { isOn: segment !== undefined },
  )
  if (!may('segment add')) return <Empty title={texts.notYours}>{texts.notYoursText}</Empty>
  if (segment === undefined) return <Form key="new" saved={null} isCopy={false} />
  return <Shown of={saved}>{(saved) => <Form key={saved.name} saved={saved} isCopy={as === 'copy'} />}</Shown>
}

function Form({ saved, isCopy }: { saved: Saved | null; isCopy: boolean }) {
  const texts = useWords(segmentWords)
  const formats = useFormats()
  const choices = useChoices()
  const [initial] = useState(() =>
    draftOf(saved ? readDefinition(saved.definition) : { type: 'all', of: [] }),
  )
  const [draft, setDraft] = useState(initial)
  const [isSaving, setIsSaving] = useState(false)
  const definition = definitionOf(draft)
  const changed = saved && !isCopy ? saved : null
  return (
    <Page
      title={changed ? texts.editorOf(changed.title) : texts.newTitle}
      actions={
        <button
          type="button"
          className="main"
          aria-disabled={definition === null}
          onClick={() => definition && setIsSaving(true)}
        >
          {texts.save}
        </button>
      }
    >
      <Unsaved isChanged={JSON.stringify(draft) !== JSON.stringify(initial)} />
      <div className="editing">
        <section className="card stack" aria-label={texts.conditions}>
          <GroupFields part={draft} depth={1} choices={choices} onChange={setDraft} />
          <p className={definition ? undefined : 'soft'} role="status">
            {definition ? say(definition, { texts, formats, choices }) : texts.notWhole}
          </p>
        </section>
        <Preview definition={definition} name={changed?.name} />
      </div>
      {isSaving && definition && (
        <Save definition={definition} changed={changed} onClose={() => setIsSaving(false)} />
      )}
    </Page>
  )
}

function Save({
  definition,
  changed,
  onClose,
}: {
  definition: Condition
  changed: Saved | null
  onClose: () => void
}) {
  const texts = useWords(segmentWords)
  const navigate = useNavigate()
  const { programme } = usePlace()
  const [title, setTitle] = useState(changed?.title ?? '')
  const [typedName, setTypedName] = useState(changed?.name ?? null)
  const name = typedName ?? inLatin(title, LONGEST_NAME)
  const isName = segmentName.safeParse(name).success
  return (
    <ActDialog
      act="segment.add"
      title={texts.saveTitle}
      submit={texts.save}
      input={
        isName && title.trim()
          ? {
              segment: { name, title, definition },
              isNew: name !== changed?.name,
              ...(programme && { programme }),
            }
          : null
      }
      onDone={() => void navigate({ to: '/segments', search: { open: name }, ignoreBlocker: true })}
      onClose={onClose}
    >
      <Field title={texts.titleField} value={title} onChange={setTitle} longest={100} isRequired />
      <Field
        title={texts.nameField}
        hint={changed && name === changed.name ? texts.replaces : texts.nameHint}
        fault={name !== '' && !isName ? texts.nameHint : null}
        value={name}
        onChange={setTypedName}
        longest={64}
        isRequired
      />
    </ActDialog>
  )
}
