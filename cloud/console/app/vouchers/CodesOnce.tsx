import { useBlocker } from '@tanstack/react-router'
import { useState } from 'react'
import type { VoucherTerms } from '../../../../shared/rules/voucher.ts'
import { csvOf } from '../../csv.ts'
import { save } from '../kit/save.ts'
import { useLanguage, useWords } from '../words.ts'
import { voucherWords } from './words.ts'

interface Exported {
  batchId: number
  title: string
  terms: VoucherTerms
  stores: string[] | null
  codes: Code[]
}
interface Code {
  code: string
  card: string | null
}

interface Wanted {
  exported: Exported
  isTaken: boolean
  onTaken: () => void
}

/** The codes leave the cloud once, and this page keeps them only as long as it is open: it stays until they are in a file. */
export function CodesOnce({ exported, isTaken, onTaken }: Wanted) {
  useBlocker({ shouldBlockFn: () => !isTaken, enableBeforeUnload: !isTaken })
  const texts = useWords(voucherWords)
  const [state, setState] = useState<'idle' | 'making' | 'failed'>('idle')
  const language = useLanguage()
  const name = `vouchers-${exported.batchId}`

  /** The part that makes files is fetched by who wants one. */
  async function saveSheet() {
    setState('making')
    try {
      const { printSheet } = await import('../../../vouchers/sheets.ts')
      save(`${name}.html`, 'text/html', await printSheet(exported))
      onTaken()
      setState('idle')
    } catch {
      setState('failed')
    }
  }

  function saveCsv() {
    const columns = { code: ({ code }: Code) => code, card: ({ card }: Code) => card }
    save(`${name}.csv`, 'text/csv', csvOf(exported.codes, columns, { language }))
    onTaken()
  }

  return (
    <>
      <p>{texts.taken(exported.codes.length)}</p>
      <div className="secret">
        <button type="button" className="main" onClick={saveCsv}>
          {texts.csv}
        </button>
        <button type="button" aria-disabled={state === 'making'} onClick={() => void saveSheet()}>
          {state === 'making' ? texts.makingSheet : texts.sheet}
        </button>
        {state === 'failed' && (
          <p className="fault" role="alert">
            {texts.sheetFault}
          </p>
        )}
      </div>
    </>
  )
}
