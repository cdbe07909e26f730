import { html, raw } from 'hono/html'
import QRCode from 'qrcode'
import { texts } from '../texts.ts'
import { csrfField, layout, problemLine, type Viewer } from './layout.ts'

export async function secondFactorPage(options: {
  viewer: Viewer
  uri: string
  secret: string
  isNeeded: boolean
  problem: string | null
}) {
  const { viewer, uri, secret, isNeeded, problem } = options
  const words = texts[viewer.language]
  const square = await QRCode.toString(uri, { type: 'svg', width: 200 })
  return layout({
    ...{ title: words.factor, viewer },
    body: html`<section class="card narrow">
<h1>${words.factor}</h1>
${problemLine(problem)}
${isNeeded && html`<p>${words.factorNeeded}</p>`}
<p>${words.factorScan}</p>
${raw(square)}
<p><code>${secret.match(/.{1,4}/g)?.join(' ')}</code></p>
<form method="post" action="/console/second-factor" class="stack">
${csrfField(viewer)}
<label>${words.factorCode}<input name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="10" required></label>
<button type="submit" class="main">${words.factorButton}</button>
</form>
</section>`,
  })
}

export function recoveryPage({ viewer, codes }: { viewer: Viewer; codes: string[] }) {
  const words = texts[viewer.language]
  return layout({
    ...{ title: words.recovery, viewer },
    body: html`<section class="card narrow">
<h1>${words.recovery}</h1>
<p>${words.recoveryText}</p>
<ul>${codes.map((code) => html`<li><code>${code}</code></li>`)}</ul>
<p><a class="button" href="/console">${words.next}</a></p>
</section>`,
  })
}
