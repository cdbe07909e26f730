import { dirname, join, resolve } from 'node:path'
import { ActError } from '../acts/act.ts'
import { type Erasure, keepErasures, keyOf, readErasures } from '../people/erasures.ts'
import type { House } from './command.ts'

/** The list that lies beside backups. */
export const LIST_NAME = 'erasures.jsonl'

/** Brings a list of erasures up to date. Its disk is no reason to call undone what the database has done. */
export async function listErasures({ sql, warn }: House, file: string): Promise<void> {
  try {
    await keepErasures(sql, file)
  } catch (error) {
    warn(
      `${file} does not list every erasure: ${(error as Error).message}. The cloud goes on trying; until it is ` +
        'written, whoever is not in it comes back when a backup is restored.',
    )
  }
}

interface Lists {
  erasures: Erasure[]
  files: string[]
  /** The one that is kept while the cloud runs is among them, or the one that was named. */
  isPresent: boolean
}

/** What is known of erasures before a restore: from the list that was named, or else from those in their places. */
export async function findErasures(
  { erasuresFile }: House,
  { backup, named }: { backup: string; named: string | undefined },
): Promise<Lists> {
  const places = named ? [resolve(named)] : [...new Set([erasuresFile, join(dirname(backup), LIST_NAME)])]
  const found = new Map<string, Erasure[]>()
  for (const place of places) {
    const erasures = await readErasures(place)
    if (erasures) found.set(place, erasures)
  }
  if (named && found.size === 0) throw new ActError('erasures_not_found', `There is no file ${named}.`)
  const all = new Map([...found.values()].flat().map((erasure) => [keyOf(erasure), erasure]))
  return {
    erasures: [...all.values()],
    files: [...found.keys()],
    isPresent: found.has(places[0] ?? ''),
  }
}
