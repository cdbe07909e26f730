import { useState } from 'react'
import { Field } from '../../kit/Field.tsx'
import { scaleOf } from '../../kit/specs.ts'
import { numberOf } from '../base.ts'
import { useWords } from '../../words.ts'
import type { Fault } from '../../campaigns/editor/draft.ts'
import { editorWords } from '../../campaigns/editor/words.ts'

interface Wanted {
  title: string
  /** Of the document; people read and type roubles and percents. */
  unit?: string | null
  hint?: string
  value: unknown
  fault: Fault | undefined
  /** What is no number is told of by whoever reads the document. */
  onChange: (value: number | string | undefined) => void
}

/** A number in the units that people use. */
export function NumberField({ title, unit = null, hint, value, fault, onChange }: Wanted) {
  const texts = useWords(editorWords)
  const scale = scaleOf({ unit })
  const [typed, setTyped] = useState(() =>
    typeof value === 'number' ? String(value / scale).replace('.', ',') : String(value ?? ''),
  )
  const sign = unit && texts.units[unit]
  return (
    <Field
      title={sign ? `${title}, ${sign}` : title}
      {...(hint && { hint })}
      value={typed}
      kind="number"
      longest={14}
      fault={fault ? texts.fault(fault, scale) : null}
      onChange={(text) => {
        setTyped(text)
        onChange(text.trim() === '' ? undefined : (numberOf(text, scale) ?? text))
      }}
    />
  )
}
