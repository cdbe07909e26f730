/** `1.4.0` or `1.4.0-beta.2`: a version as the updater of the kiosk understands it, without build metadata. */
const NUMBER = '0|[1-9]\\d{0,8}'
const TAG = `(?:${NUMBER}|\\d*[A-Za-z-][0-9A-Za-z-]*)`
const VERSION = new RegExp(`^(${NUMBER})\\.(${NUMBER})\\.(${NUMBER})(?:-(${TAG}(?:\\.${TAG})*))?$`)

export function isVersion(text: string): boolean {
  return text.length <= 50 && VERSION.test(text)
}

/** Below 0 where the first is older, above 0 where it is newer: the order of semantic versioning. */
export function compareVersions(one: string, other: string): number {
  const [first, second] = [partsOf(one), partsOf(other)]
  for (const index of [0, 1, 2] as const) {
    const difference = first.numbers[index] - second.numbers[index]
    if (difference !== 0) return difference
  }
  return compareTags(first.tags, second.tags)
}

/** A version with a tag comes before the one without; of two tags the longer one comes last. */
function compareTags(one: string[], other: string[]): number {
  if (one.length === 0 || other.length === 0) return other.length - one.length
  for (const [index, tag] of one.entries()) {
    const against = other[index]
    if (against === undefined) return 1
    const order = compareTag(tag, against)
    if (order !== 0) return order
  }
  return one.length - other.length
}

/** Numbers by size and before words; words by their characters. */
function compareTag(one: string, other: string): number {
  const [isNumber, isOtherNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)]
  if (isNumber && isOtherNumber) return Number(one) - Number(other)
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1
  return one === other ? 0 : one < other ? -1 : 1
}

function partsOf(version: string): { numbers: [number, number, number]; tags: string[] } {
  const [, major, minor, patch, tags] = VERSION.exec(version) ?? []
  if (major === undefined) throw new RangeError(`Not a version: ${version}`)
  return { numbers: [Number(major), Number(minor), Number(patch)], tags: tags?.split('.') ?? [] }
}
