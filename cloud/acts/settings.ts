import { z } from 'zod'
import { programmeSchema, redeemProofSchema, returnsOfSchema } from '../../shared/programme.ts'
import { baseSchema, bookAt, bookDocumentSchema } from '../../shared/rules/book.ts'
import type { Instant } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { publishBook } from '../ledger/books.ts'
import { programmeAt, type Rules, readRules, subjectOfSetting } from '../ledger/programme.ts'
import { authorName } from '../ledger/rows.ts'
import { readThresholds, thresholdsSchema } from '../ledger/thresholds.ts'
import { act, InputError } from './act.ts'
import { weighBook } from './bookCost.ts'
import { integerInput } from './inputs.ts'
import { placeOfProgramme } from './place.ts'
import { findProgramme, programmeInput } from './programmes.ts'

/**
 * The settings of the programme, which registers are told, and the thresholds of the cloud alone; one document in the
 * database.
 */
const settingsSchema = z.object({ ...programmeSchema.shape, ...thresholdsSchema.shape })
type AllSettings = z.infer<typeof settingsSchema>
type Key = keyof AllSettings
type Value = AllSettings[Key]
export type Settings = Partial<Record<Key, Value>>

export async function readAllSettings(
  sql: Sql | Tx,
  rules: Rules,
  { programmeId, now }: { programmeId: number; now: Instant },
): Promise<AllSettings> {
  return { ...programmeAt(rules, now), ...(await readThresholds(sql, programmeId)) }
}

const keys = Object.keys(settingsSchema.shape) as [Key, ...Key[]]
export const keyInput = z.enum(keys, `the settings are ${keys.join(', ')}`)
/** A whole number, or the word that a setting takes. */
const words = Object.entries({ redeem_proof: redeemProofSchema, returns_of: returnsOfSchema })
  .map(([key, { options }]) => `for ${key} ${options.join(' or ')}`)
  .join(', ')
const valueInput = z.union([redeemProofSchema, returnsOfSchema, integerInput], `a whole number, or ${words}`)

/**
 * Changes a setting, from the next operation on and in every process. A setting that judges points is changed by the next
 * version of the rule book: earlier sales are judged as before, and existing lots keep their life.
 */
export const setSetting = act({
  name: 'settings set',
  title: 'Change a setting of the programme',
  input: z.strictObject({ key: keyInput, value: valueInput, programme: programmeInput }),
  place: (sql, { programme }) => placeOfProgramme(sql, programme),
  /** A setting of the base is the next version of the book, and weighs as much. */
  async weigh(sql, { key, value, programme }, by) {
    if (!(key in baseSchema.shape)) return null
    const { id: programmeId } = await findProgramme(sql, programme)
    const rules = await readRules(sql, { programmeId, since: by.now })
    const document = withBase(rules, { key, value, now: by.now }).data
    return document ? await weighBook(sql, { programmeId, document }, by) : null
  },
  async run(sql, { key, value, programme }, { who, now }) {
    const { id: programmeId } = await findProgramme(sql, programme)
    await sql`select from programmes where id = ${programmeId} for no key update`
    const rules = await readRules(sql, { programmeId, since: now })
    const settings = await readAllSettings(sql, rules, { programmeId, now })
    const result: Settings = { [key]: value }
    if (settings[key] === value) return { result, change: null }
    const changed = settingsSchema.safeParse({ ...settings, [key]: value })
    if (!changed.success) throw new InputError(`${key} cannot be ${value}: ${whyNot(key, changed.error)}.`)
    if (key in baseSchema.shape) {
      const document = withBase(rules, { key, value, now })
      if (!document.success) throw new InputError(`${key} cannot be ${value}: ${sentenceOf(document.error)}.`)
      const reason = `settings set ${key} ${value}`
      const publication = { document: document.data, validFrom: now, by: authorName(who), reason, now }
      await publishBook(sql, { programmeId, ...publication })
    } else {
      await sql`
        update programmes set version = version + 1, settings = settings || ${sql.json({ [key]: value })}
        where id = ${programmeId}`
    }
    const change = {
      subject: subjectOfSetting(key, programmeId),
      before: { [key]: settings[key] },
      after: { [key]: value },
    }
    return { result, change }
  },
})

/** The present book with another base. */
function withBase({ books }: Rules, { key, value, now }: { key: Key; value: Value; now: Instant }) {
  const { version: _, validFrom: __, ...valid } = bookAt(books, now)
  return bookDocumentSchema.safeParse({ ...valid, base: { ...valid.base, [key]: value } })
}

function whyNot(key: Key, { issues }: z.ZodError): string {
  const { description } = settingsSchema.shape[key]
  return description ?? sentenceOf({ issues })
}

const sentenceOf = ({ issues }: Pick<z.ZodError, 'issues'>) => issues.map(({ message }) => message).join('; ')
