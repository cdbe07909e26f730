import { openTemporaryPostgres, prepareForTests } from '../../cloud/database/temporary.ts'
import { buildWhereStale as buildWebApp } from '../../cloud/http/webApps.ts'
import { buildWhereStale } from '../built.ts'

/** Before all tests: the screens are built, and one Postgres runs. */
export default async function prepare(): Promise<() => Promise<void>> {
  await buildWhereStale((line) => console.error(line))
  for (const app of ['portal', 'console'] as const) await buildWebApp(app, (line) => console.error(line))
  const postgres = await openTemporaryPostgres()
  await prepareForTests(postgres)
  process.env.KOPILKA_E2E_DATABASE = postgres.url
  return () => postgres.stop()
}
