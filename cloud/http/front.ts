import { html } from 'hono/html'
import { shownLine } from '../../shared/text.ts'
import type { App } from './context.ts'

const links = {
  console: { path: '/console', what: 'where the office works' },
  fleet: { path: '/fleet', what: 'the registers, for IT' },
  docs: { path: '/docs', what: 'the contract of the API' },
  health: { path: '/health', what: 'whether this process is up' },
}

/** The page at the bare address of the cloud, and the same as JSON for a program. */
export function frontRoutes(app: App, { chainName }: { chainName: string }) {
  const name = shownLine(chainName)
  app.get('/', (c) => {
    c.header('vary', 'accept')
    if (c.req.header('accept')?.includes('text/html')) return c.html(page(name))
    const paths = Object.fromEntries(Object.entries(links).map(([what, { path }]) => [what, path]))
    return c.json({ name: 'Kopilka', chain: name, links: paths })
  })
}

const page = (chainName: string) => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Kopilka · ${chainName}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 4rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; }
</style>
</head>
<body>
<h1>${chainName}</h1>
<p>This is the cloud of Kopilka, the loyalty programme of the shops: it keeps the points. Customers find their card in Telegram.</p>
<ul>
${Object.values(links).map(({ path, what }) => html`<li><a href="${path}">${path}</a>: ${what}</li>`)}
</ul>
</body>
</html>`
