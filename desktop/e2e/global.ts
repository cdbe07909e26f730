import { allowDatabases, openTemporaryPostgres } from '../../cloud/database/temporary.ts'
import { buildWhereStale } from '../built.ts'

/** Before all tests: the screen is built, and one Postgres runs. */
export default async function prepare(): Promise<() => Promise<void>> {
  await buildWhereStale((line) => console.error(line))
  const postgres = await openTemporaryPostgres()
  await allowDatabases(postgres)
  process.env.KOPILKA_E2E_DATABASE = postgres.url
  return () => postgres.stop()
}
