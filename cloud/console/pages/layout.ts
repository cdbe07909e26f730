import { html } from 'hono/html'
import type { Language } from '../../../shared/me.ts'
import { assetPaths } from '../../fleet/pages/assets.ts'
import { texts } from '../texts.ts'

export type Html = ReturnType<typeof html>

/** Who looks at a page, if that is known, and in which language. */
export interface Viewer {
  language: Language
  account?: string
  csrf?: string
}

interface Page {
  title: string
  viewer: Viewer
  body: Html
  script?: string
}

export function layout({ title, viewer, body, script }: Page): Html {
  const words = texts[viewer.language]
  return html`<!doctype html>
<html lang="${viewer.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Kopilka</title>
<link rel="icon" href="${assetPaths.icon}" type="image/svg+xml">
<link rel="stylesheet" href="${assetPaths.style}">
${script && html`<script type="module" src="${script}"></script>`}
</head>
<body>
<header class="bar">
<a class="brand" href="/console"><img src="${assetPaths.icon}" alt="" width="24" height="24">Kopilka <span>${words.console}</span></a>
${viewer.account && html`<form class="who" method="post" action="/console/logout">${csrfField(viewer)}<span>${viewer.account}</span><button type="submit" class="quiet">${words.signOut}</button></form>`}
</header>
<main>${body}</main>
</body>
</html>`
}

export const csrfField = ({ csrf }: Viewer): Html => html`<input type="hidden" name="csrf" value="${csrf}">`

export const problemLine = (problem: string | null) =>
  problem && html`<p class="problem" role="alert">${problem}</p>`

export function messagePage({ text, viewer }: { text: string; viewer: Viewer }): Html {
  const words = texts[viewer.language]
  return layout({
    ...{ title: words.failed, viewer },
    body: html`<section class="card narrow"><h1>${words.failed}</h1><p>${text}</p><p><a href="/console">${words.back}</a></p></section>`,
  })
}
