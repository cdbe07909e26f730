import { html } from 'hono/html'
import { assetPaths } from './assets.ts'

/** What `html` gives, and what may stand inside of it. */
export type Html = ReturnType<typeof html>

/** The account that is signed in, and the token that goes into its forms. */
export interface Viewer {
  account: string
  csrf: string
}

export function layout({ title, viewer, body }: { title: string; viewer: Viewer | null; body: Html }): Html {
  return html`<!doctype html>
<html lang="ru">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Кассы Копилки</title>
<link rel="icon" href="${assetPaths.icon}" type="image/svg+xml">
<link rel="stylesheet" href="${assetPaths.style}">
<script type="module" src="${assetPaths.script}"></script>
</head>
<body>
<header class="bar">
<a class="brand" href="/fleet"><img src="${assetPaths.icon}" alt="" width="24" height="24">Копилка <span>кассы</span></a>
${viewer && html`<form class="who" method="post" action="/fleet/logout">${csrfField(viewer)}<span>${viewer.account}</span><button type="submit" class="quiet">Выйти</button></form>`}
</header>
<main>${body}</main>
</body>
</html>`
}

export const csrfField = ({ csrf }: Viewer): Html => html`<input type="hidden" name="csrf" value="${csrf}">`

export function messagePage({ title, text, viewer }: { title: string; text: string; viewer: Viewer | null }) {
  return layout({
    title,
    viewer,
    body: html`<section class="card narrow"><h1>${title}</h1><p>${text}</p><p><a href="/fleet">К кассам</a></p></section>`,
  })
}
