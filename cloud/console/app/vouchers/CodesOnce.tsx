import { useState } from 'react'
import type { VoucherTerms } from '../../../../shared/rules/voucher.ts'
import { useWords } from '../words.ts'
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

  async function saveCsv() {
    const { csvOfCodes } = await import('../../../vouchers/sheets.ts')
    save(`${name}.csv`, 'text/csv', csvOfCodes(exported.codes))
  }

  return (
    <>
      <p>{texts.taken(exported.codes.length)}</p>
      <div className="secret">
        <button type="button" className="main" onClick={() => void saveCsv()}>
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

function save(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }))
  const link = Object.assign(document.createElement('a'), { href: address, download: name })
  link.click()
  URL.revokeObjectURL(address)
}
