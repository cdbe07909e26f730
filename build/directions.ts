import { posix } from 'node:path'

export type SourceFile = { path: string; text: string }

/** Which imports a file may not have, by the folder it lies in. */
export function findOffences({ path, text }: SourceFile): string[] {
  const code = withoutComments(text)
  const offences = importsOf(code).flatMap((specifier) => {
    const target = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier
    const reason = RULES.find((rule) => rule.of(path) && rule.forbids(target, path))?.reason
    return reason ? [`${path} imports ${target}: ${reason}`] : []
  })
  return readsEnvironment(path, code)
    ? [...offences, `${path} reads process.env: only cloud/config.ts does`]
    : offences
}

type Rule = { of(path: string): boolean; forbids(target: string, path: string): boolean; reason: string }

const RULES: Rule[] = [
  {
    of: within('shared'),
    forbids: (target, path) =>
      !within('shared')(target) && target !== 'zod' && !(isTest(path) && TEST_TOOLS.includes(target)),
    reason: 'shared imports zod and itself, nothing else',
  },
  {
    // A test in the browser may put a kiosk beside the pages of the cloud.
    of: (path) => within('cloud')(path) && !path.includes('/e2e/'),
    forbids: within('desktop'),
    reason: 'cloud never imports desktop',
  },
  {
    // A test of the register may put the real cloud beside it.
    of: (path) => within('desktop')(path) && !isTest(path),
    forbids: within('cloud'),
    reason: 'desktop never imports cloud',
  },
  {
    of: (path) => within('desktop/renderer', 'desktop/display', 'cloud/portal')(path) && !isTest(path),
    forbids: (target) => target === 'shared/money.ts' || within('shared/rules')(target),
    reason: 'a screen computes nothing about points: it is told',
  },
  {
    of: (path) => within('shared/rules')(path) && !isTest(path),
    forbids: (target) =>
      within('shared')(target) && !RULES_MAY_IMPORT.includes(target) && !within('shared/rules')(target),
    reason: 'rules know money, goods, codes and moments, and nothing that runs',
  },
  {
    of: (path) => within('cloud/feed', 'cloud/insight')(path) && !isTest(path),
    forbids: (target) => MOVES_POINTS.includes(target),
    reason: 'only the ledger moves points: everybody else writes facts',
  },
  {
    of: (path) => within('cloud/acts')(path) && !isTest(path),
    forbids: (target) =>
      within('cloud/admin', 'cloud/console', 'cloud/fleet', 'cloud/bot')(target) || target === 'hono',
    reason: 'an act knows nothing of the ways to ask for it',
  },
  {
    of: (path) => within('cloud')(path) && !within('cloud/demo')(path) && !isTest(path),
    forbids: within('cloud/demo'),
    reason: 'the demo is no part of the cloud: its owner has no password',
  },
  {
    of: within('desktop/register'),
    forbids: (target) => /^electron(\/|-|$)/.test(target),
    reason: 'the register knows no Electron',
  },
  {
    of: (path) => !isTest(path),
    forbids: within('build', 'bench', 'simulate', 'fuzz'),
    reason: 'the product never imports build scripts',
  },
]

const MOVES_POINTS = [
  'cloud/ledger/post.ts',
  'cloud/ledger/write.ts',
  'cloud/ledger/queue.ts',
  'cloud/jobs/postEach.ts',
]
const RULES_MAY_IMPORT = [
  'shared/items.ts',
  'shared/money.ts',
  'shared/reading.ts',
  'shared/time.ts',
  'shared/card.ts',
  'shared/voucherCode.ts',
]
const TEST_TOOLS = ['vitest', 'fast-check']

const HOUSES = ['cloud', 'desktop/register']

/**
 * Rooms of a house that import each other in a circle, by way of whichever others: none of them could be read, tested or
 * moved without the rest. A file directly in the house is a room of its own; types count like everything else.
 */
export function findCircles(files: SourceFile[]): string[] {
  return HOUSES.flatMap((house) => circlesIn(house, files))
}

function circlesIn(house: string, files: SourceFile[]): string[] {
  const isInside = within(house)
  /** `cloud/ledger/routes/parked.ts` → `ledger`, `cloud/app.ts` → `app.ts`. */
  const roomOf = (path: string) => path.slice(house.length + 1).split('/')[0] ?? ''
  const doors = new Map<string, Map<string, string>>()
  for (const { path, text } of files) {
    if (isTest(path) || !isInside(path)) continue
    const room = roomOf(path)
    for (const specifier of importsOf(withoutComments(text))) {
      if (!specifier.startsWith('.')) continue
      const target = posix.join(posix.dirname(path), specifier)
      if (!isInside(target) || roomOf(target) === room) continue
      const ways = doors.get(room) ?? new Map<string, string>()
      doors.set(room, ways.set(roomOf(target), ways.get(roomOf(target)) ?? `${path} imports ${target}`))
    }
  }
  const told = new Set<string>()
  return [...doors.keys()].sort().flatMap((room) => {
    const circle = told.has(room) ? null : wayBack(doors, room)
    if (!circle) return []
    for (const each of circle) told.add(each)
    const imports = circle.map((from, index) => doors.get(from)?.get(circle[index + 1] ?? room))
    return [`a circle of rooms, ${[...circle, room].join(' → ')}: ${imports.join('; ')}`]
  })
}

/** The rooms of the shortest way from a room back to itself; null where there is none. */
function wayBack(doors: Map<string, Map<string, string>>, room: string): string[] | null {
  const seen = new Set<string>()
  let ways = [[room]]
  while (ways.length > 0) {
    const next: string[][] = []
    for (const way of ways) {
      for (const to of doors.get(way.at(-1) ?? '')?.keys() ?? []) {
        if (to === room) return way
        if (!seen.has(to)) next.push([...way, to])
        seen.add(to)
      }
    }
    ways = next
  }
  return null
}

function within(...folders: string[]): (path: string) => boolean {
  return (path) => folders.some((folder) => path.startsWith(`${folder}/`))
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$|\/testing[./]|\/e2e\//.test(path)
}

function readsEnvironment(path: string, code: string): boolean {
  if (path === 'cloud/config.ts' || isTest(path)) return false
  // Handing the whole environment to its reader is not reading it.
  return /\bprocess\s*\.\s*env\b/.test(code.replaceAll('readConfig(process.env)', ''))
}

function importsOf(code: string): string[] {
  const statements = /^\s*(?:import|export)\s[\w\s{},*$]*?\bfrom\s*['"]([^'"]+)['"]/gm
  const effects = /^\s*import\s*['"]([^'"]+)['"]/gm
  const calls = /\b(?:import|require)\(\s*['"`]([^'"`]+)['"`]/g
  return [statements, effects, calls].flatMap((form) =>
    [...code.matchAll(form)].map((match) => match[1] ?? ''),
  )
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}
