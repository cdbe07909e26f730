/** What a key types on the layout that scanners are set to, whichever layout Windows has just now. */
export function characterOf(code: string, isShift: boolean): string | null {
  const letter = /^Key([A-Z])$/.exec(code)?.[1]
  if (letter) return isShift ? letter : letter.toLowerCase()
  const numpad = /^Numpad(\d)$/.exec(code)?.[1]
  if (numpad) return numpad
  return KEYS[code]?.[isShift ? 1 : 0] ?? null
}

const KEYS: Record<string, string> = {
  Digit1: '1!',
  Digit2: '2@',
  Digit3: '3#',
  Digit4: '4$',
  Digit5: '5%',
  Digit6: '6^',
  Digit7: '7&',
  Digit8: '8*',
  Digit9: '9(',
  Digit0: '0)',
  Minus: '-_',
  Equal: '=+',
  BracketLeft: '[{',
  BracketRight: ']}',
  Backslash: '\\|',
  Semicolon: ';:',
  Quote: '\'"',
  Backquote: '`~',
  Comma: ',<',
  Period: '.>',
  Slash: '/?',
  NumpadDecimal: '..',
  NumpadAdd: '++',
  NumpadSubtract: '--',
  NumpadDivide: '//',
}
