import { describe, expect, it } from 'vitest'
import { createSignInLine, LineFull } from './signInLine.ts'

/** Who comes, what they wait for, and in which order they had their turn. */
function theLine() {
  const line = createSignInLine()
  const turns: string[] = []
  const ends: (() => void)[] = []
  const come = (name: string, network = name) =>
    line
      .enter(network, (take) =>
        take(() => {
          turns.push(name)
          return new Promise<void>((resolve) => ends.push(resolve))
        }),
      )
      .then(
        () => 'done',
        (error) => error.name,
      )
  return { line, turns, come, endTurn: () => ends.shift()?.(), settled: () => new Promise(setImmediate) }
}

describe('the line before the sign-in', () => {
  it('has one turn at a time, in the order in which they came', async () => {
    const { turns, come, endTurn, settled } = theLine()
    const all = ['a', 'b', 'c'].map((name) => come(name))
    expect(turns).toEqual(['a'])
    for (const seen of [
      ['a', 'b'],
      ['a', 'b', 'c'],
    ]) {
      endTurn()
      await settled()
      expect(turns).toEqual(seen)
    }
    endTurn()
    expect(await Promise.all(all)).toEqual(['done', 'done', 'done'])
  })

  it('sends away at once who does not fit in, and lets in again when somebody is through', async () => {
    const { come, endTurn, settled } = theLine()
    for (let count = 1; count <= 8; count += 1) void come(`stranger ${count}`)
    expect(await come('one too many')).toBe(LineFull.name)
    endTurn()
    await settled()
    void come('later')
    expect(await come('one too many again')).toBe(LineFull.name)
  })

  it('has places for networks that signed in before, and lets them go first', async () => {
    const { line, turns, come, endTurn, settled } = theLine()
    line.remember('the office')
    for (let count = 1; count <= 8; count += 1) void come(`stranger ${count}`)
    void come('anna', 'the office')
    endTurn()
    await settled()
    expect(turns).toEqual(['stranger 1', 'anna'])
  })

  it('goes on after a turn that failed', async () => {
    const { line, turns, come } = theLine()
    const failing = line.enter('x', (take) => take(() => Promise.reject(new Error('no database'))))
    const next = come('next')
    await expect(failing).rejects.toThrow('no database')
    expect(turns).toEqual(['next'])
    void next
  })

  it('forgets the networks that signed in longest ago', async () => {
    const { line, come } = theLine()
    for (let count = 0; count <= 1000; count += 1) line.remember(`office ${count}`)
    for (let count = 1; count <= 8; count += 1) void come(`stranger ${count}`)
    expect(await come('anna', 'office 0')).toBe(LineFull.name)
  })
})
