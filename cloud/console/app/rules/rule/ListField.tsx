import { useState } from 'react'
import { Field } from '../../kit/Field.tsx'
import { useWords } from '../../words.ts'
import { ruleFormWords } from './words.ts'

interface Wanted {
  title: string
  value: unknown
  fault: string | null
  onChange: (value: string[]) => void
}

/** Several words, one a line. */
export function ListField({ title, value, fault, onChange }: Wanted) {
  const texts = useWords(ruleFormWords)
  const [typed, setTyped] = useState(() => (Array.isArray(value) ? value.join('\n') : ''))
  return (
    <Field
      title={title}
      hint={texts.oneALine}
      rows={2}
      value={typed}
      fault={fault}
      onChange={(text) => {
        setTyped(text)
        onChange(text.split('\n').flatMap((line) => line.trim() || []))
      }}
    />
  )
}
