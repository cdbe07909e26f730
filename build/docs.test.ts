import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { thresholdsSchema } from '../cloud/ledger/thresholds.ts'
import { programmeSchema } from '../shared/programme.ts'

const ROOT = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const pages = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'))
const decisions = [...read('ARCHITECTURE.md').matchAll(/\]\((\S+\/DECISIONS\.md)\)/g)].map(
  ([, path = '']) => path,
)
const documents = ['README.md', 'ARCHITECTURE.md', ...decisions, ...pages.map((name) => `docs/${name}`)].map(
  (path) => ({
    path,
    text: read(path),
  }),
)

/** The usage lines of the command line itself, such as `store add --name <name>`. */
const usages = (() => {
  const { stdout } = spawnSync(process.execPath, ['cloud/admin/main.ts'], { cwd: ROOT, encoding: 'utf8' })
  return stdout
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => line !== '')
})()
const names = usages.map((usage) => /^[a-z-]+( [a-z]+)?(?![a-z|])/.exec(usage)?.[0] ?? usage)
const variables = [...read('cloud/config.ts').matchAll(/^ {4}([A-Z][A-Z0-9_]*): /gm)].map(([, name]) => name)

/** What stands after the name of the command line, and commands that are named by themselves in code. */
function commandsIn(text: string): string[] {
  const whole = [...text.matchAll(/(?:npm run --silent admin --|kopilka-admin) ([a-z][^`\n]*)/g)]
  const resources = [...new Set(names.map((name) => name.split(' ')[0]))].join('|')
  const short = [...text.matchAll(new RegExp(`\`((?:${resources})(?: [^\`\n]*)?)\``, 'g'))]
  // A word alone may mean something else: `release` is also what a register asks of the ledger.
  const named = short.filter(([, words = '']) => words.includes(' ') || names.includes(words))
  return [...whole, ...named].map(([, words]) => words?.split(/ {2,}#| && |; /)[0]?.trim() ?? '')
}

function faultOf(words: string): string | null {
  const usage = usages.find((_, index) => {
    const name = names[index] ?? ''
    return words === name || words.startsWith(`${name} `)
  })
  if (!usage) return `there is no command "${words}"`
  const options = [...words.matchAll(/(?<= )--[a-z]+/g)].map(([option]) => option)
  const unknown = options.filter((option) => option !== '--json' && !usage.includes(option))
  return unknown.length > 0 ? `"${words}": the command has no ${unknown.join(', ')}` : null
}

/** What a link can name of a page: its headings, as GitHub writes them. */
function anchorsOf(page: string): string[] {
  const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase())
  return headings.map((heading) => heading.replace(/[^\p{L}\p{N} -]/gu, '').replaceAll(' ', '-'))
}

it('knows the commands and the variables that it looks for', () => {
  expect(names).toEqual(expect.arrayContaining(['store add', 'audit', 'backup', 'restore', 'job run']))
  expect(variables).toEqual(expect.arrayContaining(['PORT', 'DATABASE_URL', 'KOPILKA_DATA']))
  expect(faultOf('backup --whole')).toMatch('has no --whole')
  expect(faultOf('shop add')).toMatch('no command')
})

describe.each(documents)('$path', ({ path, text }) => {
  it('names only commands that exist, with options they have', () => {
    expect(commandsIn(text).map(faultOf).filter(Boolean)).toEqual([])
  })

  it('names only scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = [...text.matchAll(/npm run (?:--silent )?([a-z][a-z:]*)/g)].map(([, name]) => name ?? '')
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
  })

  it('names only settings of the environment that are read', () => {
    const set = [...text.matchAll(/^([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name)
    const named = [...text.matchAll(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`/g)].map(([, name]) => name)
    const ofTheShell = [...text.matchAll(/\$([A-Z]+)\b/g)].map(([, name]) => name)
    const known = [...variables, ...ofTheShell]
    expect([...set, ...named].filter((name) => !known.includes(name))).toEqual([])
  })

  it('links only to what is there', () => {
    const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link ?? '')
    const local = links.filter((link) => !/^[a-z]+:/.test(link))
    const isThere = (link: string) => {
      const [page = '', heading] = link.split('#')
      const target = page === '' ? path : join(dirname(path), page)
      return existsSync(join(ROOT, target)) && (!heading || anchorsOf(read(target)).includes(heading))
    }
    expect(local.filter((link) => !isThere(link))).toEqual([])
  })
})

describe.each(['start', 'kiosk', 'register', 'simulate', 'simulate --virtual', 'fuzz', 'bench', 'package'])(
  'npm run %s',
  (program) => {
    const [script = '', ...args] = program.split(' ')
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const [, ...command] = scripts[script]?.split(' ') ?? []
    const { status, stderr } = spawnSync(process.execPath, [...command, ...args, '--help'], {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: 60_000,
    })
    const known = [...stderr.matchAll(/ (--[a-z][a-z-]*)/g)].map(([, option]) => option)

    it('says how it is used to whom it does not understand, and no more', () => {
      expect(stderr).toMatch(/^Unknown option '--help'\n\nnpm (run|start)/)
      expect(status).toBeGreaterThan(0)
    })

    it('is called in the documents with options that it has', () => {
      const calls = documents.flatMap(({ text }) => [
        ...text.matchAll(/npm (?:run )?([a-z]+) -- ([^`\n#]*)/g),
      ])
      const own = calls.filter(
        ([, name, said = '']) =>
          name === script && said.includes('--virtual') === program.includes('--virtual'),
      )
      const used = own.flatMap(([, , said = '']) =>
        [...said.matchAll(/(--[a-z][a-z-]*)/g)].map(([, option]) => option),
      )
      expect(used.filter((option) => !known.includes(option))).toEqual([])
    })
  },
)

it('every setting is explained in docs/settings.md, of the environment and of a programme', () => {
  const settings = read('docs/settings.md')
  const names = [...variables, ...Object.keys({ ...programmeSchema.shape, ...thresholdsSchema.shape })]
  expect(names.filter((name) => !settings.includes(`\`${name}\``))).toEqual([])
})

it('every page of the menu of the console is explained in docs/console.md', () => {
  const [, pages = ''] = /pages: \{([^}]*)\}/.exec(read('cloud/console/app/shell/words.ts')) ?? []
  const titles = [...pages.matchAll(/: '([^']+)'/g)].map(([, title = '']) => title)
  expect(titles).toContain('Обзор')
  const table = read('docs/console.md').split('## Pages')[1]?.split('## ')[0] ?? ''
  const explained = table.split('\n').flatMap((row) => row.split(' | ')[0]?.slice(2).split(', ') ?? [])
  expect(titles.filter((title) => !explained.includes(title))).toEqual([])
})
