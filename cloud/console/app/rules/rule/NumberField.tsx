import { useState } from 'react'
import { Field } from '../../kit/Field.tsx'
import { numberOf, scaleOf } from '../../kit/specs.ts'
import { useWords } from '../../words.ts'
import type { Fault } from './draft.ts'
import { useFaultText } from './useFaultText.ts'
import { ruleFormWords } from './words.ts'

interface Wanted {
  title: string
  /** Of the document; people read and type roubles and percents. */
  unit?: string | null
  hint?: string | undefined
  value: unknown
  /** By its name what is wrong with it may be said more exactly. */
  name?: string
  fault: Fault | undefined
  /** What is no number is told of by whoever reads the document. */
  onChange: (value: number | string | undefined) => void
}

/** A number in the units that people use. */
export function NumberField({ title, unit = null, hint, value, name, fault, onChange }: Wanted) {
  const texts = useWords(ruleFormWords)
  const faultText = useFaultText()
  const scale = scaleOf({ unit })
  const [typed, setTyped] = useState(() =>
    typeof value === 'number' ? String(value / scale).replace('.', ',') : String(value ?? ''),
  )
  const sign = unit && texts.units[unit]
  return (
    <Field
      title={sign ? `${title}, ${sign}` : title}
      hint={hint}
      value={typed}
      kind="number"
      longest={14}
      fault={faultText(fault, name, scale)}
      onChange={(text) => {
        setTyped(text)
        onChange(text.trim() === '' ? undefined : (signedOf(text, scale) ?? text))
      }}
    />
  )
}

function signedOf(text: string, scale: 1 | 100): number | null {
  const size = numberOf(text.replace(/^\s*[-−]/, ''), scale)
  return size !== null && /^\s*[-−]/.test(text) ? -size : size
}
