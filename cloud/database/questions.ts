import type { PendingQuery, Row } from 'postgres'
import type { Sql, Tx } from './connect.ts'

export type Fragment = PendingQuery<Row[]>

/** By name; null: nothing is asked, and no rows are the answer. */
export type Questions<Rows> = { [Name in keyof Rows]: Fragment | null }
export type Answers<Rows> = { [Name in keyof Rows]: Rows[Name][] }

/**
 * Several questions as one statement, which costs both sides more than most of what it asks for. All of them see the
 * database as it was when the statement began. The rows of each come as one document, so moments must be asked as numbers;
 * what the questions have in common stands before them (`with …`).
 */
export async function askTogether<Rows extends Record<keyof Rows, object>>(
  sql: Sql | Tx,
  questions: Questions<Rows>,
  common: Fragment = sql``,
): Promise<Answers<Rows>> {
  const names = Object.keys(questions) as (keyof Rows & string)[]
  const asked = names.flatMap((name) => {
    const question = questions[name]
    return question
      ? [sql`(select json_agg(answer) from (${question}) answer) as ${sql(name as string)}`]
      : []
  })
  const [answers] =
    asked.length === 0
      ? []
      : await sql<Partial<Answers<Rows>>[]>`
          ${common} select ${asked.reduce((all, one) => sql`${all}, ${one}`)}`
  const rowsOf = (name: keyof Rows & string) => (answers?.[name] ?? []).map(exact)
  return Object.fromEntries(names.map((name) => [name, rowsOf(name)])) as Answers<Rows>
}

/** A number that is not exact is an error, as wherever a bigint is read, and not another number. */
export function exact<T extends object>(row: T): T {
  for (const value of Object.values(row))
    if (typeof value === 'number' && !Number.isSafeInteger(value))
      throw new RangeError(`Too large for a number: ${value}`)
  return row
}
