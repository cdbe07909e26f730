import { html } from 'hono/html'
import type { Passkey } from '../../access/staff/passkeys.ts'
import { texts } from '../texts.ts'
import { passkeyScript } from './assets.ts'
import { csrfField, type Html, layout, moment, onTheWay, problemLine, type Viewer } from './layout.ts'

interface Shown {
  viewer: Viewer
  /** What the browser is asked to do. */
  options: object
  problem: string | null
}

export function showPasskeyPage({ viewer, options, problem, next }: Shown & { next: string }) {
  const words = texts[viewer.language]
  return layout({
    ...{ title: words.signIn, viewer, script: passkeyScript.path },
    body: html`<section class="card narrow">
<h1>${words.signIn}</h1>
${problemLine(problem)}
<p>${words.passkeyText}</p>
${failedLine(viewer)}
<form method="post" action="${onTheWay('/console/passkey', next)}" class="stack" data-options="${JSON.stringify(options)}">
<input type="hidden" name="answer">
<button type="submit" class="main">${words.passkeyShow}</button>
</form>
<p><a href="${onTheWay('/console/login', next)}">${words.byPassword}</a></p>
</section>`,
  })
}

export function newPasskeyPage({ viewer, options, problem }: Shown) {
  const words = texts[viewer.language]
  return layout({
    ...{ title: words.passkey, viewer, script: passkeyScript.path },
    body: html`<section class="card narrow">
<h1>${words.passkey}</h1>
${problemLine(problem)}
<p>${words.passkeyText}</p>
${failedLine(viewer)}
<form method="post" action="/console/passkeys" class="stack" data-makes data-options="${JSON.stringify(options)}">
${csrfField(viewer)}
<input type="hidden" name="answer">
<label>${words.passkeyTitle}<input name="title" maxlength="60" required autocomplete="off" aria-describedby="hint"></label>
<p class="soft" id="hint">${words.passkeyTitleHint}</p>
<button type="submit" class="main">${words.passkeyMake}</button>
</form>
<p><a href="/console/account">${words.back}</a></p>
</section>`,
  })
}

const failedLine = ({ language }: Viewer): Html =>
  html`<p class="problem" role="alert" data-failed hidden>${texts[language].passkeyFailed}</p>`

/** What somebody has, with a way to add one where this page may. */
export function passkeyList(viewer: Viewer, { keys, mayAdd }: { keys: Passkey[]; mayAdd: boolean }): Html {
  const words = texts[viewer.language]
  return html`<section class="card">
<h2>${words.passkeys}</h2>
${keys.length === 0 && html`<p class="soft">${mayAdd ? words.passkeyText : words.passkeysNowhere}</p>`}
<ul class="log">${keys.map(
    ({
      id,
      title,
      createdAt,
      usedAt,
    }) => html`<li><form method="post" action="/console/passkeys/remove">${csrfField(viewer)}
<input type="hidden" name="id" value="${id}"><span><b>${title}</b>, ${words.since} ${moment(createdAt, viewer)}${usedAt !== null && html`, ${words.seen} ${moment(usedAt, viewer)}`}</span>
<button type="submit" class="quiet">${words.remove}</button></form></li>`,
  )}</ul>
${mayAdd && html`<p class="actions"><a class="button" href="/console/passkeys/new">${words.passkeyAdd}</a></p>`}
</section>`
}
