import { describe, expect, it } from 'vitest'
import { isSignedCode, readSignedCode, writeSignedCode } from '../../../shared/signedCode.ts'
import { restingScanner, type ScannerEvent, stepScanner } from './scanner.ts'

/** Keys as a scanner or a hand would press them: so many milliseconds apart. */
function press(codes: string[], gapMs: number, fromMs = 1000): ScannerEvent[] {
  return codes
    .map((code, index) => ({
      type: 'key',
      code,
      isShift: code !== code.replace('Shift+', ''),
      atMs: fromMs + index * gapMs,
    }))
    .map((event) => ({ ...event, code: event.code.replace('Shift+', '') }) as ScannerEvent)
}

const digits = (text: string) => [...text].map((digit) => `Digit${digit}`)
const silence = (atMs: number): ScannerEvent => ({ type: 'silence', atMs })

function play(events: ScannerEvent[]) {
  let state = restingScanner
  const scanned: string[] = []
  let typed = ''
  let ends = 0
  for (const event of events) {
    const step = stepScanner(state, event)
    state = step.state
    if (step.scanned !== null) scanned.push(step.scanned)
    typed += step.typed
    if (step.isEnd) ends += 1
  }
  return { scanned, typed, ends, held: state.held }
}

describe('keys of a scanner', () => {
  it.each<[string, ScannerEvent[], string]>([
    ['a card and Enter', press([...digits('654321'), 'Enter'], 10), '654321'],
    ['a card and the Enter of the numpad', press([...digits('654321'), 'NumpadEnter'], 10), '654321'],
    ['a card and Tab', press([...digits('654321'), 'Tab'], 10), '654321'],
    ['a card and nothing', [...press(digits('654321'), 10), silence(1210)], '654321'],
    ['the QR form of a card', press([...digits('99654321'), 'Enter'], 5), '99654321'],
    ['a slow scanner', press([...digits('654321'), 'Enter'], 49), '654321'],
    ['keys of the numpad', press([...[...'654321'].map((digit) => `Numpad${digit}`), 'Enter'], 10), '654321'],
    [
      'a code with letters, by the place of the keys and not by the layout',
      press(['KeyK', 'Digit1', 'Period', 'Shift+KeyA', 'KeyB', 'Minus', 'Shift+Minus', 'Enter'], 10),
      'k1.Ab-_',
    ],
    [
      'a code with the Shift key pressed on its own as well',
      press(['ShiftLeft', 'Shift+KeyA', 'Digit1', 'Digit2', 'Digit3', 'Digit4', 'Digit5', 'Enter'], 10),
      'A12345',
    ],
    [
      'a code whose silence was noticed late, at the next key',
      [...press(digits('654321'), 10), ...press(['Digit1'], 0, 2000)],
      '654321',
    ],
  ])('%s are one code, and nothing is typed', (_what, events, code) => {
    const { scanned, typed } = play(events)
    expect(scanned).toEqual([code])
    expect(typed).toBe('')
  })

  it('end with an Enter that does nothing else', () => {
    expect(play(press([...digits('654321'), 'Enter'], 10)).ends).toBe(1)
  })

  it('end with it even when it comes after the silence', () => {
    const late = [...press(digits('654321'), 10), silence(1210), ...press(['Enter'], 0, 1400)]
    expect(play(late)).toMatchObject({ scanned: ['654321'], ends: 1 })
  })

  it('are two codes when two cards are scanned', () => {
    const two = [
      ...press([...digits('654321'), 'Enter'], 10),
      ...press([...digits('111222'), 'Enter'], 10, 1500),
    ]
    expect(play(two).scanned).toEqual(['654321', '111222'])
  })
})

describe('a scanner that types a code of the Mini App', () => {
  const signature = Uint8Array.from({ length: 64 }, (_, index) => 3 * index)
  const code = { id: '0123456789abcdef', card: '654321', expiresAt: 1_765_108_800_000 }
  const text = writeSignedCode(code, () => signature)
  /** The layout of Windows is nowhere in this: a key is named by its place. */
  const keys = (isShifted: (letter: string, index: number) => boolean) =>
    [...text].map((character, index) => {
      if (/\d/.test(character)) return `Digit${character}`
      return `${isShifted(character, index) ? 'Shift+' : ''}Key${character}`
    })
  const withShiftKeys = (codes: string[]) =>
    codes.flatMap((code) => (code.startsWith('Shift+') ? ['ShiftLeft', code] : [code]))

  it.each<[string, ScannerEvent[]]>([
    ['with Shift for its capitals', press([...withShiftKeys(keys(() => true)), 'Enter'], 4)],
    ['without, because Caps Lock is on', press(['CapsLock', ...keys(() => false), 'CapsLock', 'Enter'], 8)],
    ['with Shift now and then', press([...keys((_, index) => index % 3 === 0), 'Tab'], 10)],
    ['as slowly as a scanner may', press([...keys(() => true), 'Enter'], 49)],
    [
      'and nothing after it',
      [
        ...press(
          keys(() => true),
          10,
        ),
        silence(1000 + text.length * 10 + 150),
      ],
    ],
    [
      'and stammers on the way',
      [
        ...press(keys(() => true).slice(0, 60), 10),
        silence(1640),
        ...press([...keys(() => true).slice(60), 'Enter'], 10, 1690),
      ],
    ],
  ])('is understood: %s', (_what, events) => {
    const { scanned, typed } = play(events)
    expect(typed).toBe('')
    expect(scanned).toHaveLength(1)
    expect(isSignedCode(scanned[0] ?? '')).toBe(true)
    expect(readSignedCode(scanned[0] ?? '')).toMatchObject({ code, signature })
  })
})

describe('a scanner that stammers', () => {
  const at = (atMs: number, text: string) => press(digits(text), 10, atMs)
  it.each<[string, ScannerEvent[]]>([
    [
      'after the first digit',
      [...at(1000, '9'), silence(1050), ...at(1090, '9654321'), ...press(['Enter'], 0, 1160)],
    ],
    [
      'in the middle',
      [...at(1000, '996'), silence(1070), ...at(1120, '54321'), ...press(['Enter'], 0, 1170)],
    ],
    ['near the end', [...at(1000, '996543'), silence(1100), ...at(1140, '21'), ...press(['Enter'], 0, 1160)]],
    ['before Enter', [...at(1000, '99654321'), silence(1120), ...press(['Enter'], 0, 1190)]],
    [
      'and sends no Enter',
      [...at(1000, '996'), silence(1070), ...at(1120, '54321'), silence(1210), silence(1320)],
    ],
  ])('%s gives the whole code', (_what, events) => {
    expect(play(events).scanned).toEqual(['99654321'])
  })
})

describe('keys of a hand', () => {
  it.each<[string, ScannerEvent[], string]>([
    ['six digits of a quick hand', [...press(digits('654321'), 60), silence(1400)], '654321'],
    ['one digit', [...press(['Digit6'], 0), silence(1050)], '6'],
    ['a card typed slowly', [...press(digits('654321'), 120), silence(1700)], '654321'],
    ['the next key giving back the one before', press(['Digit6', 'Digit5'], 80), '6'],
    ['two keys rolled over each other', [...press(['Digit6', 'Digit5'], 30), silence(1080)], '65'],
    ['five quick keys', [...press(digits('65432'), 20), silence(1200)], '65432'],
    ['a quick run before Enter', press([...digits('123'), 'Enter'], 20), '123'],
    ['a quick run before F3', press([...digits('12'), 'F3'], 20), '12'],
    ['a quick run before Backspace', press([...digits('12'), 'Backspace'], 20), '12'],
  ])('%s are given back in order, and are no code', (_what, events, text) => {
    const { scanned, typed, ends } = play(events)
    expect(scanned).toEqual([])
    expect(typed).toBe(text)
    expect(ends).toBe(0)
  })

  it('are none of the code that is scanned after them', () => {
    const both = [...press(['Digit7'], 0), ...press([...digits('654321'), 'Enter'], 10, 1200)]
    expect(play(both)).toMatchObject({ typed: '7', scanned: ['654321'] })
  })

  it('press Enter by themselves long after a code', () => {
    const later = [...press([...digits('654321'), 'Enter'], 10), ...press(['Enter'], 0, 2000)]
    expect(play(later).ends).toBe(1)
  })

  it('leave modifiers alone', () => {
    expect(play(press(['ShiftLeft', 'ControlLeft', 'AltRight', 'CapsLock'], 10))).toEqual({
      scanned: [],
      typed: '',
      ends: 0,
      held: '',
    })
  })
})
