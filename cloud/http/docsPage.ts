import { html, raw } from 'hono/html'

interface Described {
  summary?: string
  description?: string
  security?: Record<string, unknown>[]
  parameters?: { name: string; in: string; required?: boolean; schema?: unknown }[]
  requestBody?: { content?: Record<string, { schema?: unknown }> }
  responses?: Record<string, { description?: string; content?: Record<string, { schema?: unknown }> }>
}

interface Document {
  info: { title: string; version: string; description?: string }
  paths?: Record<string, Record<string, Described>>
  components?: { schemas?: Record<string, unknown> }
}

/** The OpenAPI document as one page without scripts, so that it can be read anywhere and loads nothing. */
export function docsPage(document: object) {
  const { info, paths = {}, components } = document as Document
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, route]) => ({
      path,
      method,
      route,
      anchor: `${method}${path.replace(/\W+/g, '-')}`,
    })),
  )
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${info.title} API</title>${style}</head>
<body>
<h1>${info.title} API <small>${info.version}</small></h1>
<p>${info.description} The machine-readable contract is <a href="/openapi.json">/openapi.json</a>.</p>
<nav>${routes.map(({ method, path, route, anchor }) => html`<a href="#${anchor}"><b>${method.toUpperCase()}</b> ${path}</a><span>${route.summary}</span>`)}</nav>
${routes.map(
  ({ method, path, route, anchor }) => html`<section id="${anchor}">
<h2><b>${method.toUpperCase()}</b> ${path}</h2>
<p>${route.summary}.${route.description ? ` ${route.description}` : ''}</p>
${route.security ? html`<p class="soft">Authentication: ${Object.keys(route.security[0] ?? {}).join(', ')} key.</p>` : ''}
${(route.parameters ?? []).map((parameter) => html`<p><code>${parameter.name}</code> in ${parameter.in}${parameter.required ? ', required' : ''}: ${schema(parameter.schema)}</p>`)}
${route.requestBody ? html`<h3>Body</h3>${schemaOf(route.requestBody.content)}` : ''}
${Object.entries(route.responses ?? {}).map(([status, response]) => html`<h3>${status} <small>${response.description}</small></h3>${schemaOf(response.content)}`)}
</section>`,
)}
<h1>Schemas</h1>
${Object.entries(components?.schemas ?? {}).map(([name, value]) => html`<section id="schema-${name}"><h2>${name}</h2>${schema(value)}</section>`)}
</body></html>`
}

function schemaOf(content: Record<string, { schema?: unknown }> | undefined) {
  return schema(content?.['application/json']?.schema)
}

/** JSON Schema as it is, with references made links: engineers read it faster than any table. */
function schema(value: unknown) {
  if (value === undefined) return ''
  const text = JSON.stringify(value, null, 2).replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`)
  const linked = text.replace(
    /\{\s*"\$ref": "#\/components\/schemas\/(\w+)"\s*\}/g,
    '<a href="#schema-$1">$1</a>',
  )
  return html`<pre>${raw(linked)}</pre>`
}

const style = html`<style>
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 small, h3 small, .soft { color: GrayText; font-weight: 400 }
h2 { margin: 0 0 .5rem; font-size: 1.15rem; overflow-wrap: anywhere } h3 { font-size: 1rem; margin: 1rem 0 .25rem }
b { color: #0b6b4a } nav { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1.5rem; margin: 1.5rem 0 }
section { border-top: 1px solid #8884; padding: 1.25rem 0 }
pre { background: #8881; padding: .75rem; border-radius: .5rem; overflow: auto; font-size: .85rem; margin: .25rem 0 }
@media (prefers-color-scheme: dark) { b { color: #5cc79b } }
</style>`
