import { html, raw } from 'hono/html'
import QRCode from 'qrcode'
import type { VoucherTerms } from '../../shared/rules/voucher.ts'
import { russianVoucherWords as words } from '../../shared/words/voucher.ts'

interface Exported {
  title: string
  terms: VoucherTerms
  /** The stores where they are good; null: all. */
  stores: string[] | null
  codes: { code: string; card: string | null }[]
}

/** The codes as CSV. They are letters and digits only, so a spreadsheet leaves them as they are. */
export function csvOfCodes(codes: Exported['codes']): string {
  const lines = codes.map(({ code, card }) => `${code},${card ?? ''}`)
  return ['code,card', ...lines, ''].join('\r\n')
}

/** A code in two halves, which is easier to type. */
const spaced = (code: string) => `${code.slice(0, 5)} ${code.slice(5)}`

const where = (stores: string[]) =>
  stores.length === 1 ? `в магазине «${stores[0]}»` : `в магазинах: ${stores.join(', ')}`

/** A page to print and cut: each voucher with its QR code, what it gives, where and until when. */
export async function printSheet({ title, terms, stores, codes }: Exported): Promise<string> {
  const conditions = [...words.conditions(terms), ...(stores ? [where(stores)] : [])].join(' · ')
  const slips = await Promise.all(
    codes.map(async ({ code }) => {
      const svg = await QRCode.toString(code, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 })
      return html`<li>
<div class="qr">${raw(svg)}</div>
<div><h2>${title}</h2><p class="gives">${words.gives(terms)}</p><p>${conditions}</p><code>${spaced(code)}</code></div>
</li>
`
    }),
  )
  return String(
    await html`<!doctype html>
<html lang="ru">
<meta charset="utf-8">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>
@page { size: A4; margin: 10mm }
body { margin: 0; font: 11pt/1.3 system-ui, sans-serif; color: #000; background: #fff }
ul { display: grid; grid-template-columns: 1fr 1fr; margin: 0; padding: 0; list-style: none }
li { display: flex; gap: 4mm; padding: 4mm; border: 1px dashed #888; break-inside: avoid }
h2, p { margin: 0 0 1mm; font-size: 11pt }
.gives { font-weight: bold; font-size: 13pt }
.qr { flex: none; width: 30mm; height: 30mm }
code { font: bold 14pt/1.4 ui-monospace, monospace; letter-spacing: .06em }
</style>
<ul>
${slips}
</ul>
</html>
`,
  )
}
