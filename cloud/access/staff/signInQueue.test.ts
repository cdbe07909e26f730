import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createSignInQueue, SignInQueueFull } from './signInQueue.ts'

/** Who comes, what they wait for, and in which order they had their turn. */
function openQueue() {
  const queue = createSignInQueue()
  const turns: string[] = []
  const ends: (() => void)[] = []
  const come = (name: string, network = name) =>
    queue
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
  return { queue, turns, come, endTurn: () => ends.shift()?.(), settled: () => new Promise(setImmediate) }
}

describe('the queue before the sign-in', () => {
  it('has one turn at a time, in the order in which they came', async () => {
    const { turns, come, endTurn, settled } = openQueue()
    const all = ['a', 'b', 'c'].map((name) => come(name))
    await settled()
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
    const { come, endTurn, settled } = openQueue()
    for (let count = 1; count <= 8; count += 1) void come(`stranger ${count}`)
    expect(await come('one too many')).toBe(SignInQueueFull.name)
    await settled()
    endTurn()
    await settled()
    void come('later')
    expect(await come('one too many again')).toBe(SignInQueueFull.name)
  })

  it('has places for networks that signed in before, and lets them go first', async () => {
    const { queue, turns, come, endTurn, settled } = openQueue()
    queue.remember('the office')
    for (let count = 1; count <= 8; count += 1) void come(`stranger ${count}`)
    void come('anna', 'the office')
    await settled()
    endTurn()
    await settled()
    expect(turns).toEqual(['stranger 1', 'anna'])
  })

  it('goes on after a turn that failed', async () => {
    const { queue, turns, come } = openQueue()
    const failing = queue.enter('x', (take) => take(() => Promise.reject(new Error('no database'))))
    const next = come('next')
    await expect(failing).rejects.toThrow('no database')
    expect(turns).toEqual(['next'])
    void next
  })

  it('gives strangers a fifth of the time, once they have had what was left over, and keeps no office waiting', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const { queue, turns, come, endTurn, settled } = openQueue()
    queue.remember('the office')
    const turn = async (milliseconds: number) => {
      await settled()
      vi.advanceTimersByTime(milliseconds)
      endTurn()
      await settled()
    }
    for (let count = 1; count <= 8; count += 1) void come(`stranger ${count}`)
    for (let count = 1; count <= 6; count += 1) await turn(100)
    const seven = Array.from({ length: 7 }, (_, index) => `stranger ${index + 1}`)
    expect(turns).toEqual(seven)
    void come('anna', 'the office')
    await turn(100)
    await turn(100)
    expect(turns).toEqual([...seven, 'anna'])
    vi.advanceTimersByTime(99)
    await settled()
    expect(turns).toEqual([...seven, 'anna'])
    vi.advanceTimersByTime(1)
    await settled()
    expect(turns).toEqual([...seven, 'anna', 'stranger 8'])
  })

  it('forgets the networks that signed in longest ago', async () => {
    const { queue, come } = openQueue()
    for (let count = 0; count <= 1000; count += 1) queue.remember(`office ${count}`)
    for (let count = 1; count <= 8; count += 1) void come(`stranger ${count}`)
    expect(await come('anna', 'office 0')).toBe(SignInQueueFull.name)
  })
})
