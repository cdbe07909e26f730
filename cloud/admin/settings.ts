import { z } from 'zod'
import { programmeSchema, redeemProofSchema } from '../../shared/programme.ts'
import { baseSchema, bookAt, bookDocumentSchema } from '../../shared/rules/book.ts'
import type { Instant } from '../../shared/time.ts'
import { logChange } from '../auditLog.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { readThresholds, thresholdsSchema } from '../fleet/thresholds.ts'
import { publishBook } from '../ledger/books.ts'
import { programmeAt, type Rules, readRules } from '../ledger/programme.ts'
import { authorName } from '../ledger/rows.ts'
import { type Command, command, type House, UsageError } from './command.ts'
import { integerInput } from './inputs.ts'
import { table } from './print.ts'

/** The rules of the programme, which registers are told, and what only the cloud goes by; one document in the database. */
const settingsSchema = z.object({ ...programmeSchema.shape, ...thresholdsSchema.shape })
type AllSettings = z.infer<typeof settingsSchema>
type Key = keyof AllSettings
type Value = AllSettings[Key]
type Settings = Partial<Record<Key, Value>>

async function readAll(sql: Sql | Tx, rules: Rules, now: Instant): Promise<AllSettings> {
  return { ...programmeAt(rules, now), ...(await readThresholds(sql)) }
}

const keys = Object.keys(settingsSchema.shape) as [Key, ...Key[]]
/** A whole number, or the word that a setting takes. */
const words = redeemProofSchema.options.join(' or ')
const valueInput = z.union([redeemProofSchema, integerInput], `a whole number, or for redeem_proof ${words}`)
const keyInput = z.enum(keys, `the settings are ${keys.join(', ')}`)

export async function getSettings(
  { sql, now }: House,
  { key }: { key?: Key | undefined } = {},
): Promise<Settings> {
  const settings = await readAll(sql, await readRules(sql, now), now)
  return key === undefined ? settings : { [key]: settings[key] }
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
    const settings = await readAll(sql, rules, now)
    if (settings[key] === value) return { [key]: value }
    const changed = settingsSchema.safeParse({ ...settings, [key]: value })
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
      before: { [key]: settings[key] },
      after: { [key]: value },
    })
    return { [key]: value }
  })
}

function whyNot(key: Key, { issues }: z.ZodError): string {
  const { description } = settingsSchema.shape[key]
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
