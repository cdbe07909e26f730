import { useState } from 'react'
import { ActDialog } from '../kit/ActDialog.tsx'
import { Field } from '../kit/Field.tsx'
import { useWords } from '../words.ts'
import { voucherWords } from './words.ts'

/** Voids a batch, or one code of it. */
export function VoidDialog({ batch, code, onClose }: { batch: number; code?: string; onClose: () => void }) {
  const texts = useWords(voucherWords)
  const [reason, setReason] = useState('')
  const title = code === undefined ? texts.voidBatch : texts.voidCode
  return (
    <ActDialog
      act="voucher.void"
      title={title}
      submit={title}
      input={reason.trim() ? { batch, reason, ...(code !== undefined && { code }) } : null}
      isDangerous
      onClose={onClose}
    >
      <p>{code === undefined ? texts.voidBatchText : texts.voidCodeText}</p>
      <Field title={texts.reason} value={reason} onChange={setReason} longest={100} isRequired />
    </ActDialog>
  )
}
