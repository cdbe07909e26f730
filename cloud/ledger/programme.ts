import { type Programme, programmeSchema } from '../../shared/programme.ts'
import type { Sql, Tx } from '../database/connect.ts'

export interface VersionedProgramme {
  programme: Programme
  version: number
}

interface ProgrammeRow {
  settings: unknown
  version: number
}

/** Read with every batch, so that a changed setting holds at once and in every process. */
export async function readProgramme(sql: Sql | Tx, holdSeconds?: number): Promise<VersionedProgramme> {
  return programmeOf(await selectProgramme(sql), holdSeconds)
}

export async function selectProgramme(sql: Sql | Tx): Promise<ProgrammeRow | undefined> {
  const [row] = await sql<ProgrammeRow[]>`select settings, version from programme`
  return row
}

export function programmeOf(row: ProgrammeRow | undefined, holdSeconds?: number): VersionedProgramme {
  if (!row) throw new Error('the programme has no settings row: the migrations are not whole')
  const programme = programmeSchema.parse(row.settings)
  return {
    programme: holdSeconds === undefined ? programme : { ...programme, hold_seconds: holdSeconds },
    version: row.version,
  }
}
