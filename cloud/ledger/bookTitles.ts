import type { Fragment } from 'postgres'
import type { Sql } from '../database/connect.ts'

/** The titles of rules and statuses in a version of the book; null: that version has none by this id. */
export interface BookTitles {
  rule(version: number, id: string): string | null
  status(version: number, name: string): string | null
}

const nothing: BookTitles = { rule: () => null, status: () => null }

/** The titles in these versions of one programme's book. */
export async function readBookTitles(
  sql: Sql,
  versions: readonly number[],
  programmeId: number | Fragment,
): Promise<BookTitles> {
  if (versions.length === 0) return nothing
  const rows = await sql<{ version: number; what: string; id: string; title: string }[]>`
    select version, what, id, title
    from rule_books cross join lateral (
      select 'rule' as what, rule ->> 'id' as id, rule ->> 'title' as title
      from jsonb_array_elements(coalesce(document -> 'rules', '[]')) rule
      union all
      select 'status', status ->> 'name', status ->> 'title'
      from jsonb_array_elements(coalesce(document -> 'statuses', '[]')) status) named
    where programme_id = ${programmeId} and version = any(${[...new Set(versions)]}::int[])`
  const titles = new Map(rows.map(({ version, what, id, title }) => [`${version} ${what} ${id}`, title]))
  return {
    rule: (version, id) => titles.get(`${version} rule ${id}`) ?? null,
    status: (version, name) => titles.get(`${version} status ${name}`) ?? null,
  }
}
