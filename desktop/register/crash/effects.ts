import { basename } from 'node:path'
import type { Files } from '../machine/files.ts'
import type { RegisterOptions } from '../register.ts'

/** Before an effect on the world, or after it and before the register has heard of it. */
export interface Moment {
  effect: string
  moment: 'before' | 'after'
}

/**
 * The effects of one life of a register on the world outside, numbered: the same names in every life that does the same.
 * `hear` is waited for, and so a life can be ended in it: who is dead waits for ever.
 */
export function createEffects(
  hear: (moment: Moment) => undefined | Promise<never>,
  { isNumbered = true } = {},
) {
  const counts = new Map<string, number>()
  const all: string[] = []

  function numberOf(label: string): string {
    const count = (counts.get(label) ?? 0) + 1
    counts.set(label, count)
    const effect = `${label} #${count}`
    all.push(effect)
    return effect
  }

  async function perform<T>(label: string, work: () => Promise<T>): Promise<T> {
    if (!isNumbered) return await work()
    const effect = numberOf(label)
    await hear({ effect, moment: 'before' })
    const [result] = await Promise.allSettled([work()])
    await hear({ effect, moment: 'after' })
    if (result.status === 'rejected') throw result.reason
    return result.value
  }

  const named = ({ stat, read, list, writeDurably, rename, openAlone, remove, ...files }: Files): Files => ({
    ...files,
    stat: (path) => perform(`stat ${nameOf(path)}`, () => stat(path)),
    read: (path, limitBytes) => perform(`read ${nameOf(path)}`, () => read(path, limitBytes)),
    list: (folder) => perform(`list ${nameOf(folder)}`, () => list(folder)),
    writeDurably: (path, bytes, mode) =>
      perform(`write ${nameOf(path)}`, () => writeDurably(path, bytes, mode)),
    rename: (from, to) => perform(`rename ${nameOf(from)} to ${nameOf(to)}`, () => rename(from, to)),
    openAlone: (path) => perform(`open ${nameOf(path)} alone`, () => openAlone(path)),
    remove: (path) => perform(`remove ${nameOf(path)}`, () => remove(path)),
    makeFolder: (path) => perform(`make ${nameOf(path)}`, () => files.makeFolder(path)),
  })

  return {
    /** What happened, in order. */
    all: (): readonly string[] => all,
    /** From now on, where they were not from the start. */
    number(): void {
      isNumbered = true
    },
    of: (options: RegisterOptions): RegisterOptions => ({
      ...options,
      files: named(options.files),
      fetch: (input, init) => perform(`fetch ${requestName(input, init)}`, () => options.fetch(input, init)),
    }),
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
