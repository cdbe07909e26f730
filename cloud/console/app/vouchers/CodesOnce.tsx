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
  codes: { code: string; card: string | null }[]
}

/** The codes leave the cloud once, and this page keeps them only as long as it is open. */
export function CodesOnce({ exported }: { exported: Exported }) {
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
      setState('idle')
    } catch {
      setState('failed')
    }
  }

  const saveCsv = () =>
    save(
      `${name}.csv`,
      'text/csv',
      csvOf(exported.codes, { code: ({ code }) => code, card: ({ card }) => card }, { language }),
    )

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
