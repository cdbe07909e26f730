import { html, raw } from 'hono/html'
import QRCode from 'qrcode'
import type { Instant } from '../../../shared/time.ts'
import { texts } from '../texts.ts'
import { csrfField, type Html, layout, moment, type Viewer } from './layout.ts'

/** The chat in which somebody approves, or the way to bind one. */
export function telegramSection(
  viewer: Viewer,
  { boundSince, hasBot }: { boundSince: Instant | null; hasBot: boolean },
): Html {
  const words = texts[viewer.language]
  return html`<section class="card">
<h2>Telegram</h2>
<p class="soft">${hasBot ? words.telegramText : words.telegramNowhere}</p>
${
  boundSince !== null &&
  html`<ul class="log"><li><form method="post" action="/console/telegram/remove">${csrfField(viewer)}
<span><b>${words.telegramBound}</b>, ${words.since} ${moment(boundSince, viewer)}</span>
<button type="submit" class="quiet">${words.telegramUnbind}</button></form></li></ul>`
}
${
  hasBot &&
  html`<form method="post" action="/console/telegram" class="actions">${csrfField(viewer)}
<button type="submit">${boundSince === null ? words.telegramBind : words.telegramRebind}</button></form>`
}
</section>`
}

export async function telegramLinkPage({ viewer, link }: { viewer: Viewer; link: string }) {
  const words = texts[viewer.language]
  const square = await QRCode.toString(link, { type: 'svg', width: 200 })
  return layout({
    ...{ title: words.telegramBind, viewer },
    body: html`<section class="card narrow">
<h1>${words.telegramBind}</h1>
<p>${words.telegramOpen}</p>
<div role="img" aria-label="${words.telegramCode}">${raw(square)}</div>
<p><a class="button main" href="${link}" rel="noreferrer">${words.telegramOpenHere}</a></p>
<p class="soft">${words.telegramOnce}</p>
<p><a href="/console/account">${words.back}</a></p>
</section>`,
  })
}
