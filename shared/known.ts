/** What a list of today has for a word; a newer register or cloud may say one that it has nothing for. */
export function known<Value>(list: Readonly<Record<string, Value>>, word: string): Value | undefined {
  return Object.hasOwn(list, word) ? list[word] : undefined
}
