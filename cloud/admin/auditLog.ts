import { z } from 'zod'
import { moment, toIso } from '../../shared/time.ts'
import { instantInput, numberInput, textInput } from '../acts/inputs.ts'
import { findChanges, type LoggedChange, verifyAuditLog } from '../auditLog.ts'
import { type Command, command, type House } from './command.ts'
import { table } from './print.ts'

const countInput = numberInput(/^[1-9]\d{0,14}$/, 'a number from the list is expected')
const headInput = z
  .string()
  .regex(
    /^[1-9]\d{0,14}:[0-9a-f]{64}$/,
    'a head such as 120:9f86d0… is expected, as verify and the nightly audit say it',
  )
  .transform((text) => {
    const [id, hash = ''] = text.split(':')
    return { id: Number(id), hash }
  })

const listInput = z.strictObject({
  subject: textInput.optional(),
  who: textInput.optional(),
  action: textInput.optional(),
  text: textInput.optional(),
  since: instantInput.optional(),
  until: instantInput.optional(),
  before: countInput.optional(),
  limit: countInput.pipe(z.int().max(1000)).default(50),
})

async function listChanges({ sql }: House, filter: z.output<typeof listInput>) {
  const changes = await findChanges(sql, filter)
  return { changes: changes.map(({ at, ...change }) => ({ ...change, at: toIso(at) })) }
}

async function verify({ sql }: House, { head }: { head?: z.output<typeof headInput> | undefined }) {
  const verified = await verifyAuditLog(sql, head ? [head] : [])
  const text = ({ id, hash }: { id: number; hash: string }) => `${id}:${hash}`
  return {
    ...verified,
    head: verified.head && text(verified.head),
    lost: verified.lost.map(text),
  }
}

const isSound = ({ broken, lost }: { broken: unknown[]; lost: unknown[] }) =>
  broken.length === 0 && lost.length === 0

export const auditLogCommands: Record<string, Command> = {
  'audit-log list': command({
    usage:
      'audit-log list [--subject <"register 3">] [--who <part of a name>] [--action <act>] [--text <text>] ' +
      '[--since <time>] [--until <time>] [--before <number>] [--limit <n>]',
    input: listInput,
    run: listChanges,
    text: ({ changes }) =>
      table(
        ['number', 'when', 'who', 'from', 'what', 'of', 'before', 'after'],
        changes.map((change) => [
          change.id,
          moment(change.at),
          change.who,
          change.ip,
          change.action,
          change.subject,
          factsText(change.before),
          factsText(change.after),
        ]),
      ),
  }),
  'audit-log verify': command({
    usage: 'audit-log verify [--head <number>:<hash>]',
    input: z.strictObject({ head: headInput.optional() }),
    run: verify,
    exitCode: (verified) => (isSound(verified) ? 0 : 1),
    text(verified) {
      const { rows, head, broken, lost } = verified
      if (isSound(verified))
        return `The log of changes is whole: ${rows} rows, each after the one before it.${head ? ` It ends at ${head}` : ''}`
      return [
        ...broken.map((id) => `Row ${id} was changed, or what stood before it was taken out.`),
        ...lost.map((noted) => `The log ended at ${noted} once, and that row is not there any more.`),
        'Somebody has changed the log of changes in the database itself. Keep a copy of the database as it is, and compare',
        'these rows with the latest backup that was made before.',
      ].join('\n')
    },
  }),
}

const factsText = (facts: LoggedChange['before']) => (facts ? JSON.stringify(facts) : null)
