/** Red, green and blue, each from 0 to 255. */
type Rgb = [number, number, number]

/** What WCAG AA asks of text, with a little to spare for rounding; on a dark ground that still looks faint. */
const ENOUGH = { onLight: 4.6, onDark: 6.5 }

/** Black or white, whichever is read better on the colour. */
export function inkOn(colour: string): string {
  const rgb = parse(colour)
  return contrast(rgb, [255, 255, 255]) >= contrast(rgb, DARK_INK) ? '#ffffff' : print(DARK_INK)
}

/** Pure: with anything lighter some middle colours would carry neither ink. */
const DARK_INK: Rgb = [0, 0, 0]

/** The colour, moved towards black or white until text in it can be read on the background. */
export function readableOn(colour: string, background: string): string {
  const ground = parse(background)
  const isLight = luminance(ground) > 0.18
  const target: Rgb = isLight ? [0, 0, 0] : [255, 255, 255]
  const enough = isLight ? ENOUGH.onLight : ENOUGH.onDark
  for (let part = 0; part <= 1; part += 0.05) {
    const mixed = mix(parse(colour), target, part)
    if (contrast(mixed, ground) >= enough) return print(mixed)
  }
  return print(target)
}

export function contrastOf(left: string, right: string): number {
  return contrast(parse(left), parse(right))
}

/** So much of the second colour in the first. */
export function blend(colour: string, other: string, part: number): string {
  return print(mix(parse(colour), parse(other), part))
}

function contrast(left: Rgb, right: Rgb): number {
  const [light, dark] = [luminance(left), luminance(right)].sort((a, b) => b - a) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((value) => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as Rgb
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function mix(from: Rgb, to: Rgb, part: number): Rgb {
  return from.map((value, index) => Math.round(value + ((to[index] ?? 0) - value) * part)) as Rgb
}

function parse(colour: string): Rgb {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) as Rgb
}

function print(rgb: Rgb): string {
  return `#${rgb.map((value) => value.toString(16).padStart(2, '0')).join('')}`
}
