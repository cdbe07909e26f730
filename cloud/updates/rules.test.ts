import { describe, expect, it } from 'vitest'
import { readManifest, writeManifest } from './manifest.ts'
import { readRanges } from './ranges.ts'
import { chooseRelease, isInRollout, placeInRollout } from './rollout.ts'
import { installerBytes, latestYml } from './testing.ts'

describe('the rollout', () => {
  const registers = Array.from({ length: 1000 }, (_, index) => index + 1)
  const inRollout = (version: string, percent: number) =>
    registers.filter((id) => isInRollout({ version, percent }, id))

  it.each(['1.4.0', '1.4.1', '2.0.0-beta.1', '0.0.1'])(
    'of %s has 8 to 12 of 100 registers at 10 %%',
    (version) => {
      expect(inRollout(version, 10).length).toBeGreaterThanOrEqual(80)
      expect(inRollout(version, 10).length).toBeLessThanOrEqual(120)
    },
  )

  it('keeps who is in when it grows, until it has everybody', () => {
    const grown = new Set(inRollout('1.4.0', 50))
    expect(inRollout('1.4.0', 10).every((id) => grown.has(id))).toBe(true)
    expect(inRollout('1.4.0', 100)).toEqual(registers)
    expect(inRollout('1.4.0', 0)).toEqual([])
  })

  it('begins with other registers for another version', () => {
    const first = new Set(inRollout('1.4.0', 10))
    expect(inRollout('1.4.1', 10).filter((id) => first.has(id)).length).toBeLessThan(100)
  })

  it('has four of a chain of forty registers at 10 %, give or take one', () => {
    for (const version of ['1.4.0', '1.4.1', '1.5.0', '3.2.1']) {
      const chain = registers.slice(0, 40).filter((id) => placeInRollout(id, version) < 10)
      expect(chain.length).toBeGreaterThanOrEqual(3)
      expect(chain.length).toBeLessThanOrEqual(5)
    }
  })

  it('offers the newest version whose rollout the register is in', () => {
    const inside = inRollout('1.5.0', 10)[0] ?? 0
    const outside = registers.find((id) => !isInRollout({ version: '1.5.0', percent: 10 }, id)) ?? 0
    const offers = [
      { version: '1.10.0', percent: 0 },
      { version: '1.4.0', percent: 100 },
      { version: '1.5.0', percent: 10 },
    ]
    expect(chooseRelease(offers, inside)?.version).toBe('1.5.0')
    expect(chooseRelease(offers, outside)?.version).toBe('1.4.0')
    expect(chooseRelease(offers, null)?.version).toBe('1.4.0')
    expect(chooseRelease([], inside)).toBe(null)
  })
})

describe('ranges of a file of 100 bytes', () => {
  it.each([
    [undefined, 'whole'],
    ['bytes=0-9', [{ start: 0, end: 10 }]],
    ['bytes=90-', [{ start: 90, end: 100 }]],
    ['bytes=90-500', [{ start: 90, end: 100 }]],
    ['bytes=-10', [{ start: 90, end: 100 }]],
    ['bytes=-500', [{ start: 0, end: 100 }]],
    [
      'Bytes=5-5, 1-2 ,50-59',
      [
        { start: 5, end: 6 },
        { start: 1, end: 3 },
        { start: 50, end: 60 },
      ],
    ],
    ['bytes=0-9,200-300', [{ start: 0, end: 10 }]],
    ['bytes=100-', 'outside'],
    ['bytes=-0', 'outside'],
    ['bytes=200-300,400-', 'outside'],
    ['bytes=9-5', 'whole'],
    ['bytes=', 'whole'],
    ['bytes=a-b', 'whole'],
    ['bytes=1-2,-', 'whole'],
    ['lines=1-2', 'whole'],
    ['bytes=0-99,0-99', 'whole'],
    [`bytes=${Array(1001).fill('1-1').join()}`, 'whole'],
  ])('%s', (header, ranges) => {
    expect(readRanges(header, 100)).toEqual(ranges)
  })
})

describe('latest.yml', () => {
  const bytes = installerBytes(1000)
  const text = latestYml('1.4.0', bytes)

  it('is read as electron-builder writes it, and goes on without its own percentage', () => {
    const manifest = readManifest(text)
    if ('problem' in manifest) throw new Error(manifest.problem)
    expect(manifest).toMatchObject({
      version: '1.4.0',
      installer: { name: 'Kopilka-Setup-1.4.0.exe', sizeBytes: 1000 },
    })
    const written = writeManifest(manifest)
    expect(readManifest(written)).toEqual(manifest)
    expect(written).not.toContain('staging')
  })

  it.each([
    ['no yaml', 'a: [b', 'latest.yml cannot be used'],
    ['no manifest', 'hello', 'latest.yml cannot be used'],
    ['a version that is none', text.replaceAll('1.4.0', '1.4.0.1'), 'is no version such as 1.4.0'],
    ['a path for a name', text.replaceAll('Kopilka-Setup', '../Setup'), 'is no name of an installer'],
    ['a short checksum', text.replace(/sha512: \S+/, 'sha512: QUJD'), 'sha512'],
    [
      'two installers',
      text.replace(/files:\n([\s\S]*)path:/, 'files:\n$1$1path:'),
      'must name one installer',
    ],
    ['no size', text.replace(/ {4}size.*\n/, ''), 'size'],
    [
      'a name without its version',
      text.replaceAll('Setup-1.4.0', 'Setup'),
      'has not its version 1.4.0 in its name',
    ],
  ])('with %s is refused', (_what, broken, problem) => {
    expect(readManifest(broken)).toEqual({ problem: expect.stringContaining(problem) })
  })
})
