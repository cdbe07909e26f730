import type { Sql, Tx } from './database/connect.ts'

type Facts = Record<string, string | number | boolean | null | undefined>

/** One thing that was changed. Never a key, a code, a hash or a person's name: the log is for ever. */
export interface Changed {
  subject: string
  before?: Facts
  after?: Facts
}

type Change = Changed & { who: string; action: string }

/** Written in the transaction of the change itself, so that neither is there without the other. */
export async function logChange(sql: Sql | Tx, { who, action, subject, before, after }: Change) {
  await sql`
    insert into audit_log (who, action, subject, before, after)
    values (${who}, ${action}, ${subject}, ${before ? sql.json(before) : null}, ${after ? sql.json(after) : null})`
}
