import { createRoute, z } from '@hono/zod-openapi'
import { doneSchema, proposedSchema } from '../../../shared/console/proposals.ts'
import { type Act, ActError, type Around, askWithin } from '../../acts/act.ts'
import { acts } from '../../acts/acts.ts'
import { once } from '../../acts/once.ts'
import type { App, Doors } from '../../http/context.ts'
import { body, json, problem } from '../../http/describe.ts'
import { originOf } from '../../http/sender.ts'
import { notInSight, ofStaff, staffProblems } from './describe.ts'

/** `customer adjust` → `customer.adjust`. */
const pathOf = ({ name }: Pick<Act<z.ZodType, unknown>, 'name'>) => name.replaceAll(' ', '.')

/** What somebody with an account may do at all. */
const offered = acts.filter(({ needs }) => needs.length > 0)
const byPath = new Map(offered.map((act) => [pathOf(act), act]))
const [first = '', ...others] = byPath.keys()

/** Each act reads its own input; this is what they are, for who reads the contract. */
const inputSchema = z
  .looseObject({})
  .openapi({ anyOf: [...byPath.keys()].map((path) => ({ $ref: `#/components/schemas/${path}` })) })

const perform = createRoute({
  method: 'post',
  path: '/v1/console/acts/{name}',
  summary: 'Change something',
  description:
    'The body is the input of the act: the component of its name. Numbers may be text. The same key with the same input ' +
    'is answered as before, for a week; what told a secret is not told again (`told_once`).',
  ...ofStaff,
  request: {
    params: z.object({ name: z.enum([first, ...others]) }),
    headers: z.object({
      'idempotency-key': z
        .string()
        .regex(/^[\x21-\x7e]{1,100}$/, '1 to 100 visible ASCII characters are expected'),
    }),
    ...body(inputSchema),
  },
  responses: {
    200: json('It is done, and in the log of changes.', doneSchema),
    202: json('It is too much for one person: it was proposed, and waits for approval.', proposedSchema),
    ...staffProblems,
    ...notInSight,
    409: problem('It cannot be done as things are; the code and the message say why. Nothing was changed.'),
  },
})

interface Ways extends Doors {
  holdSeconds: number | undefined
  /** Of the shops. */
  timeZone: string
}

export function actRoutes(app: App, cloud: Ways) {
  for (const [name, schema] of inputSchemas()) app.openAPIRegistry.registerComponent('schemas', name, schema)

  app.openapi(perform, async (c) => {
    const act = byPath.get(c.req.valid('param').name)
    if (!act) throw new ActError('not_found', 'There is no such act.')
    const { person } = c.get('session')
    const now = cloud.now()
    const by: Around = { ...cloud, who: person, from: originOf(c), now }
    const input = c.req.valid('json')
    const request = { account: person.name, key: c.req.valid('header')['idempotency-key'], now }
    const asked = { act: act.name, input }
    const answer = await once(cloud.sql, { ...request, asked, isSecret: act.isSecret }, (sql) =>
      askWithin(sql, act, input, by),
    )
    return answer.status === 'done' ? c.json(answer, 200) : c.json(answer, 202)
  })
}

/** What each act takes, by its path; and what that refers to, by its own name where it has one. */
function inputSchemas(): Map<string, object> {
  const schemas = new Map<string, object>()
  for (const act of offered) {
    const written = z.toJSONSchema(act.input, { io: 'input', unrepresentable: 'any' })
    const nameFor = (name: string) => (name.startsWith('__') ? `${pathOf(act)}.${name.slice(2)}` : name)
    const {
      $schema: _,
      $defs = {},
      ...schema
    } = JSON.parse(
      JSON.stringify(written).replaceAll(
        /"#\/\$defs\/([^"]+)"/g,
        (_, name: string) => `"#/components/schemas/${nameFor(name)}"`,
      ),
    ) as typeof written
    for (const [name, part] of Object.entries($defs)) schemas.set(nameFor(name), part)
    schemas.set(pathOf(act), { title: act.title, ...schema })
  }
  return schemas
}
