import { readFileSync } from 'node:fs'
import { operationSchema } from '../../../shared/operation.ts'
import type { App } from '../context.ts'
import { docsPage } from './page.ts'

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

const info = {
  openapi: '3.1.0',
  info: {
    title: 'Kopilka',
    version,
    description:
      'The ledger of a loyalty programme: registers send operations, the cloud answers with outcomes.',
  },
}

/** The contract for machines at /openapi.json and for people at /docs, both from the schemas the routes parse by. */
export function docsRoutes(app: App) {
  app.openAPIRegistry.registerComponent('securitySchemes', 'register', {
    type: 'http',
    scheme: 'bearer',
    description: 'The key a register got when it was enrolled.',
  })
  app.openAPIRegistry.registerComponent('securitySchemes', 'agent', {
    type: 'apiKey',
    in: 'header',
    name: 'x-store-api-key',
    description: 'The key of a register made for an old file agent.',
  })
  app.openAPIRegistry.registerComponent('securitySchemes', 'staff', {
    type: 'apiKey',
    in: 'cookie',
    name: 'kopilka_staff',
    description:
      'The session of a member of staff who signed in at /console; over TLS the cookie is __Host-kopilka_staff. ' +
      'What changes something brings X-Csrf-Token, which GET /v1/console/session tells.',
  })
  app.openAPIRegistry.registerComponent('securitySchemes', 'telegram', {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description:
      'tma and the init data that Telegram gave the Mini App. They belong to the first app that shows them: ' +
      'it says which one it is in X-App-Session.',
  })
  // Each operation of a request is parsed by itself, so no route names this schema. A copy, because a schema
  // can be registered only if it was made after the library had extended zod; which came first is chance.
  app.openAPIRegistry.register('Operation', operationSchema.clone())
  // Written once, when every route is there: anybody may ask for them, as often as they like.
  let written: { json: string; page: string } | undefined
  const describe = async () => {
    if (written) return written
    const document = app.getOpenAPI31Document(info)
    written = { json: JSON.stringify(document), page: String(await docsPage(document)) }
    return written
  }
  app.get('/openapi.json', async (c) =>
    c.body((await describe()).json, 200, { 'content-type': 'application/json' }),
  )
  app.get('/docs', async (c) => c.html((await describe()).page))
}
