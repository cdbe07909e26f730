import { copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { codeOf, type Files } from '../machine/files.ts'
import { createLife } from '../rig/life.ts'
import { RegisterGone } from '../rig/running.ts'
import { systemClock } from '../time/clock.ts'

/** Where a register is killed: before an effect on the world, or after it and before the register has heard of it. */
export interface KillPoint {
  effect: string
  moment: 'before' | 'after'
}

export interface LifeOptions {
  dataFolder: string
  /** Gets what lies in the data folder at the moment of death: there the next life begins. */
  imageFolder: string
  /** Null: this register lives until it is stopped. */
  death: KillPoint | null
  files: Files
  fetch: typeof globalThis.fetch
  /** False: the effects are numbered only from `number` on. */
  isNumbered?: boolean
  /** Hears of every numbered effect, before it happens. */
  onEffect?: (effect: string) => void
}

export type Life = ReturnType<typeof createKillableLife>

/**
 * One life of a register, up to a chosen effect on the world outside. What the dead one does after that
 * never happens: its files, its network and its timers never answer. Its journal is not shared with the
 * living, who begin with a copy of that moment, so whatever is written there means nothing.
 */
export function createKillableLife(options: LifeOptions) {
  const { dataFolder, imageFolder, death, files, fetch, onEffect } = options
  const { promise: dead, resolve: tellDeath } = Promise.withResolvers<void>()
  const counts = new Map<string, number>()
  const effects: string[] = []
  const life = createLife({ files, clock: systemClock, fetch })
  const { isOver, options: given } = life
  let isNumbered = options.isNumbered ?? true

  function die(): void {
    life.end(new RegisterGone('it was killed'))
    copyFolder(dataFolder, imageFolder)
    void life.settled().then(tellDeath)
  }

  function numberOf(label: string): string | null {
    if (!isNumbered) return null
    const count = (counts.get(label) ?? 0) + 1
    counts.set(label, count)
    const effect = `${label} #${count}`
    effects.push(effect)
    onEffect?.(effect)
    return effect
  }

  async function perform<T>(label: string, work: () => Promise<T>): Promise<T> {
    if (isOver()) return await never()
    const effect = numberOf(label)
    const isLast = death !== null && effect === death.effect
    if (isLast && death.moment === 'before') {
      die()
      return await never()
    }
    const [result] = await Promise.allSettled([work()])
    if (isLast) {
      die()
      return await never()
    }
    if (result.status === 'rejected') throw result.reason
    return result.value
  }

  const killableFiles: Files = {
    stat: (path) => perform(`stat ${nameOf(path)}`, () => given.files.stat(path)),
    read: (path, limitBytes) => perform(`read ${nameOf(path)}`, () => given.files.read(path, limitBytes)),
    list: (folder) => perform(`list ${nameOf(folder)}`, () => given.files.list(folder)),
    writeDurably: (path, bytes, mode) =>
      perform(`write ${nameOf(path)}`, () => given.files.writeDurably(path, bytes, mode)),
    rename: (from, to) =>
      perform(`rename ${nameOf(from)} to ${nameOf(to)}`, () => given.files.rename(from, to)),
    openAlone: (path) => perform(`open ${nameOf(path)} alone`, () => given.files.openAlone(path)),
    remove: (path) => perform(`remove ${nameOf(path)}`, () => given.files.remove(path)),
    makeFolder: (path) => perform(`make ${nameOf(path)}`, () => given.files.makeFolder(path)),
    watch: given.files.watch,
  }

  return {
    files: killableFiles,
    clock: given.clock,
    fetch: ((input, init) =>
      perform(`fetch ${requestName(input, init)}`, () => given.fetch(input, init))) satisfies typeof fetch,
    dead,
    isDead: isOver,
    /** What happened, in order. */
    effects: (): readonly string[] => effects,
    number(): void {
      isNumbered = true
    },
  }
}

const never = () => new Promise<never>(() => {})

/** As a file manager would copy it; a temporary file may be renamed under our hands. */
function copyFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (!entry.isFile()) continue
    try {
      copyFileSync(join(from, entry.name), join(to, entry.name))
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error
    }
  }
}

/** The same for every redemption. */
const nameOf = (path: string) => basename(path).replace(/[0-9a-f-]{36}/, 'ID')

function requestName(input: string | URL | Request, init: RequestInit | undefined): string {
  const { pathname } = new URL(String(input))
  const body: { operations?: { kind: string }[] } =
    typeof init?.body === 'string' ? JSON.parse(init.body) : {}
  return [pathname, ...(body.operations ?? []).map(({ kind }) => kind)].join(' ')
}
