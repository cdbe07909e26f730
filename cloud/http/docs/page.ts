import { html, raw } from 'hono/html'
import { type Document, type Group, groupsOf, jsonOf, type Route } from './document.ts'
import { examples } from './examples.ts'
import { schemaShown, typeOf } from './schema.ts'
import { style } from './style.ts'

/**
 * The OpenAPI document as one page without scripts: it can be read anywhere, found with the browser's own search, and
 * loads nothing.
 */
export function docsPage(document: object) {
  const described = document as Document
  const { info, components } = described
  const groups = groupsOf(described)
  const schemas = Object.entries(components?.schemas ?? {})
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${info.title} API</title>
<style>${raw(style)}</style>
</head>
<body>
<a class="skip" href="#main">To the contents</a>
<nav aria-label="Contents">
<a class="home" href="#main">${info.title} API</a>
${groups.map(({ title, routes }) => html`<h2>${title}</h2><ul>${routes.map(({ anchor, method, path, described }) => html`<li><a href="#${anchor}" title="${described.summary}"><b class="${method}">${method.toUpperCase()}</b> <span>${path}</span></a></li>`)}</ul>`)}
<h2>Schemas</h2><ul>${schemas.map(([name]) => html`<li><a href="#schema-${name}">${name}</a></li>`)}</ul>
</nav>
<main id="main">
<h1>${info.title} API <small>${info.version}</small></h1>
<p>${info.description} For machines the same contract is <a href="/openapi.json">/openapi.json</a>, in OpenAPI 3.1.</p>
<p>Money is whole kopecks and points are whole; moments are in UTC with milliseconds. An operation has an id that its author made up before it
was sent: sent again, it is answered again and never executed twice. Whatever goes wrong is an <a href="#schema-Error">Error</a> with a code.
In the examples <code>$API</code> is the address of this cloud and <code>$KEY</code> the key of a register.</p>
${groups.map(groupShown)}
<section aria-labelledby="schemas"><h2 id="schemas">Schemas</h2>
${schemas.map(([name, schema]) => html`<article id="schema-${name}"><h3>${name}</h3>${schemaShown(schema)}</article>`)}
</section>
</main>
</body></html>`
}

function groupShown({ title, key, routes }: Group) {
  return html`<section><h2>${title}</h2>
<p class="soft">${key === null ? 'Without a key.' : key}</p>
${routes.map(routeShown)}
</section>`
}

function routeShown({ method, path, anchor, described }: Route) {
  const { summary, description, parameters = [], requestBody, responses = {} } = described
  return html`<article id="${anchor}">
<h3><b class="${method}">${method.toUpperCase()}</b> ${path}</h3>
<p>${prose(`${summary}.${description ? ` ${description}` : ''}`)}</p>
${parameters.length === 0 ? '' : html`<h4>Asks for</h4><ul>${parameters.map(({ name, in: place, required, schema }) => html`<li><code>${name}</code> <small>in the ${place}${required ? '' : ', optional'}</small>: ${schema ? typeOf(schema) : 'text'}</li>`)}</ul>`}
${requestBody ? html`<h4>Takes</h4>${schemaShown(jsonOf(requestBody.content))}` : ''}
${Object.entries(examples[`${method} ${path}`] ?? {}).map(([what, text]) => html`<h4>${what}</h4><pre>${text}</pre>`)}
<h4>Answers</h4>
${Object.entries(responses).map(([status, response]) => answerShown(status, response))}
</article>`
}

/** What stands between backticks is code. */
const prose = (text: string) =>
  text.split('`').map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`))

type Answer = NonNullable<Route['described']['responses']>[string]

/** What went well is open; what a client does about a failure follows from its code. */
function answerShown(status: string, { description, content }: Answer) {
  const schema = jsonOf(content)
  const line = html`<b>${status}</b> ${prose(description ?? '')}`
  if (!schema || Number(status) >= 400) return html`<p class="answer">${line}</p>`
  return html`<details class="answer" open><summary>${line}</summary>${schemaShown(schema)}</details>`
}
