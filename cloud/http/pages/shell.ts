import { html } from 'hono/html'
import { icon, style } from './assets.ts'

/** What `html` gives, and what may stand inside of it. */
export type Html = ReturnType<typeof html>

interface Page {
  language: string
  title: string
  /** The address below which all of it lies, and how it is called. */
  of: { path: string; name: string }
  /** Null: nobody has signed in yet. */
  signedIn: { account: string; csrf: string; signOut: string } | null
  script?: string | undefined
  body: Html
}

/** What is around every page for the staff that the cloud writes itself. */
export function shell({ language, title, of: { path, name }, signedIn, script, body }: Page): Html {
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="${icon.path}" type="image/svg+xml">
<link rel="stylesheet" href="${style.path}">
${script && html`<script type="module" src="${script}"></script>`}
</head>
<body>
<header class="bar">
<a class="brand" href="${path}"><img src="${icon.path}" alt="" width="24" height="24">Копилка <span>${name}</span></a>
${signedIn && html`<form class="who" method="post" action="${path}/logout">${csrfField(signedIn)}<span>${signedIn.account}</span><button type="submit" class="quiet">${signedIn.signOut}</button></form>`}
</header>
<main>${body}</main>
</body>
</html>`
}

export const csrfField = ({ csrf }: { csrf?: string }): Html =>
  html`<input type="hidden" name="csrf" value="${csrf}">`

/** A page that says one thing, and leads back. */
export const messageCard = ({ title, text, back }: { title: string; text: string; back: [string, string] }) =>
  html`<section class="card narrow"><h1>${title}</h1><p>${text}</p><p><a href="${back[0]}">${back[1]}</a></p></section>`
