import { expect, it } from 'vitest'
import { createRandom } from '../desktop/register/rig/random.ts'
import { otherExamples } from './examples.ts'
import { type Json, jsonOf, mutateJson, writeJson } from './json.ts'
import { mutateRequest, written } from './request.ts'
import type { World } from './world.ts'

const world: World = {
  ...{
    now: Date.parse('2026-11-21T12:00:00.000Z'),
    registerId: 2,
    card: '654321',
    plastic: '765432',
    version: '1.4.0',
  },
  ...{
    key: 'kop_1',
    otherKey: 'kop_2',
    kioskKey: 'kop_3',
    honestKey: 'kop_4',
    pairingCode: 'CODE',
    itToken: 'token',
    csrf: 'csrf',
  },
  ...{ initData: 'hash=1', webhookSecret: 'secret', heal: async () => {} },
}

/** What a seed sends first. */
function inputsOf(seed: string, count: number): string[] {
  const random = createRandom(seed)
  const examples = otherExamples(world)
  return Array.from({ length: count }, (_, input) => {
    const chance = random.fork(String(input))
    let request = chance.fork('example').pick(examples).make(chance.fork('make'))
    for (let round = 1; round <= 3; round += 1)
      request = mutateRequest(request, chance.fork(`round ${round}`))
    return written(request, 'cloud.test').bytes.toString('hex')
  })
}

it('sends the same for the same seed, and something else for another', () => {
  const inputs = inputsOf('1', 300)
  expect(inputsOf('1', 300)).toEqual(inputs)
  expect(new Set(inputs).size).toBeGreaterThan(250)
  expect(inputsOf('2', 300)).not.toEqual(inputs)
})

it('writes the same bytes however often it is asked', () => {
  const random = createRandom('bytes')
  const [example] = otherExamples(world)
  if (!example) throw new Error('there is no example')
  let request = example.make(random)
  while (request.faults.length === 0) request = mutateRequest(request, random)
  expect(written(request, 'cloud.test')).toEqual(written(request, 'cloud.test'))
})

it('changes one place of a JSON, and can write what is none', () => {
  const value = { kind: 'earn', points: 1, card: '654321', list: [1, 'two', { three: null }] }
  expect(writeJson(jsonOf(value))).toBe(JSON.stringify(value))
  const random = createRandom('json')
  const texts = Array.from({ length: 600 }, () => writeJson(mutateJson(jsonOf(value), random)))
  const isJson = (text: string) => {
    try {
      return Boolean(JSON.parse(text)) || true
    } catch {
      return false
    }
  }
  expect(texts.filter(isJson).length).toBeGreaterThan(300)
  expect(texts.filter((text) => !isJson(text)).length).toBeGreaterThan(20)
  expect(texts.some((text) => text.includes('\\u0000'))).toBe(true)
  expect(texts.some((text) => text.includes('[[[[[[[['))).toBe(true)
  expect(texts.some((text) => /"kind":.*"kind":/.test(text))).toBe(true)
})

it('repeats something long only until the list is long', () => {
  const random = createRandom('long')
  let longest = 0
  for (let count = 0; count < 100; count += 1) {
    let json: Json = { is: 'array', items: [{ is: 'token', text: '['.repeat(300_000) }] }
    for (let round = 1; round <= 3; round += 1) json = mutateJson(json, random)
    longest = Math.max(longest, writeJson(json).length)
  }
  expect(longest).toBeGreaterThan(1_000_000)
  expect(longest).toBeLessThan(30_000_000)
})

it('changes one place, though the very same item is in many', () => {
  const random = createRandom('places')
  const same: Json = jsonOf({ card: '654321' })
  for (let time = 0; time < 300; time += 1) {
    const changed = mutateJson({ is: 'array', items: Array<Json>(5).fill(same) }, random)
    // Of a whole array that was changed nothing need be left.
    if (changed.is !== 'array' || changed.items.length !== 5) continue
    expect(changed.items.filter((item) => writeJson(item) !== writeJson(same)).length).toBeLessThanOrEqual(1)
  }
})
