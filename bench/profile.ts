import { readdir, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { table } from './print.ts'
import type { Stage } from './stage.ts'

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[]
  samples: number[]
  timeDeltas: number[]
}

const MOST_FUNCTIONS = 25

/** Ends the API, which then writes its profile, and says on which code it spent its busy time. */
export async function profileOf({ api, dataDir }: Stage): Promise<string> {
  await api.stop()
  const file = (await readdir(dataDir)).find((name) => name.endsWith('.cpuprofile'))
  if (!file) throw new Error('the API left no profile')
  const profile: CpuProfile = JSON.parse(await readFile(join(dataDir, file), 'utf8'))
  const byFunction = new Map<string, number>()
  const byPlace = new Map<string, number>()
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]))
  let busy = 0
  for (const [index, id] of profile.samples.entries()) {
    const frame = frames.get(id)
    if (!frame || frame.functionName === '(idle)') continue
    const micros = profile.timeDeltas[index] ?? 0
    const where = shortUrl(frame.url)
    busy += micros
    add(byFunction, `${frame.functionName || '(anonymous)'} ${where}:${frame.lineNumber + 1}`, micros)
    add(byPlace, placeOf(where, frame.functionName), micros)
  }
  const rows = (sums: Map<string, number>, most: number) =>
    [...sums]
      .sort(([, a], [, b]) => b - a)
      .slice(0, most)
      .map(([name, micros]) => [name, `${((100 * micros) / busy).toFixed(1)} %`])
  return [
    `The API was busy for ${(busy / 1e6).toFixed(1)} s.`,
    table(['function', 'self time'], rows(byFunction, MOST_FUNCTIONS)),
    table(['where', 'self time'], rows(byPlace, MOST_FUNCTIONS)),
  ].join('\n\n')
}

function add(sums: Map<string, number>, name: string, micros: number): void {
  sums.set(name, (sums.get(name) ?? 0) + micros)
}

const HOME = join(import.meta.dirname, '..') + sep

const shortUrl = (url: string) =>
  url
    .replace('file://', '')
    .replace(HOME, '')
    .replace(/^.*node_modules\//, 'node_modules/')

/** A package, a part of Node, or a file of ours. */
function placeOf(where: string, functionName: string): string {
  if (where === '') return functionName.startsWith('(') ? functionName : 'native'
  const [, name] = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(where) ?? []
  return name ?? where
}
