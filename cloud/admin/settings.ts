import { z } from 'zod'
import { type Programme, programmeSchema, redeemProofSchema } from '../../shared/programme.ts'
import { baseSchema, bookAt, bookDocumentSchema } from '../../shared/rules/book.ts'
import { logChange } from '../access/auditLog.ts'
import { publishBook } from '../ledger/books.ts'
import { programmeAt, readProgramme, readRules } from '../ledger/programme.ts'
import { authorName } from '../ledger/rows.ts'
import { type Command, command, type House, UsageError } from './command.ts'
import { integerInput } from './inputs.ts'
import { table } from './print.ts'

type Key = keyof Programme
type Value = Programme[Key]
type Settings = Partial<Record<Key, Value>>

const keys = Object.keys(programmeSchema.shape) as [Key, ...Key[]]
/** A whole number, or the word that a setting takes. */
const words = redeemProofSchema.options.join(' or ')
const valueInput = z.union([redeemProofSchema, integerInput], `a whole number, or for redeem_proof ${words}`)
const keyInput = z.enum(keys, `the settings are ${keys.join(', ')}`)

export async function getSettings(
  { sql, now }: House,
  { key }: { key?: Key | undefined } = {},
): Promise<Settings> {
  const { programme } = await readProgramme(sql, now)
  return key === undefined ? programme : { [key]: programme[key] }
}

/**
 * Holds from the next operation on, in every process. What judges points is changed by publishing the next version of
 * the rule book: sales of before are judged as before, and lots that exist keep the life they were born with.
 */
export async function setSetting(
  { sql, now, admin }: House,
  { key, value }: { key: Key; value: Value },
): Promise<Settings> {
  return await sql.begin(async (sql) => {
    await sql`select from programme for update`
    const rules = await readRules(sql, now)
    const programme = programmeAt(rules, now)
    if (programme[key] === value) return { [key]: value }
    const changed = programmeSchema.safeParse({ ...programme, [key]: value })
    if (!changed.success) throw new UsageError(`${key} cannot be ${value}: ${whyNot(key, changed.error)}.`)
    const by = authorName(admin)
    if (key in baseSchema.shape) {
      const { version: _, validFrom: __, ...valid } = bookAt(rules.books, now)
      const document = bookDocumentSchema.safeParse({ ...valid, base: { ...valid.base, [key]: value } })
      if (!document.success) throw new UsageError(`${key} cannot be ${value}: ${sentenceOf(document.error)}.`)
      const reason = `settings set ${key} ${value}`
      await publishBook(sql, { document: document.data, validFrom: now, by, reason, now })
    } else {
      await sql`
        update programme set version = version + 1, settings = settings || ${sql.json({ [key]: value })}`
    }
    await logChange(sql, {
      who: by,
      action: 'settings set',
      subject: `setting ${key}`,
      before: { [key]: programme[key] },
      after: { [key]: value },
    })
    return { [key]: value }
  })
}

function whyNot(key: Key, { issues }: z.ZodError): string {
  const { description } = programmeSchema.shape[key]
  return description ?? sentenceOf({ issues })
}

const sentenceOf = ({ issues }: Pick<z.ZodError, 'issues'>) => issues.map(({ message }) => message).join('; ')

const text = (settings: Settings) => table(['setting', 'value'], Object.entries(settings))

export const settingsCommands: Record<string, Command> = {
  'settings get': command({
    usage: 'settings get [<key>]',
    input: z.strictObject({ key: keyInput.optional() }),
    positionals: ['key'],
    run: getSettings,
    text,
  }),
  'settings set': splitEquals(
    command({
      usage: 'settings set <key> <value>',
      input: z.strictObject({ key: keyInput, value: valueInput }),
      positionals: ['key', 'value'],
      run: setSetting,
      text,
    }),
  ),
}

/** `settings set key=value` means the same. */
function splitEquals(command: Command): Command {
  return {
    ...command,
    prepare: (args) => command.prepare(args.flatMap((arg) => (/^\w+=/.test(arg) ? arg.split('=') : arg))),
  }
}
