/** What the log calls something by its own names, such as `customer 654321`; a number alone is a card. */
export function subjectOf(typed: string, titles: Readonly<Record<string, string>>): string {
  const text = typed.trim()
  if (/^\d{6,}$/.test(text)) return `customer ${text}`
  const said = text.toLowerCase()
  // A longer title may begin as a shorter one does.
  const [kind, title] =
    Object.entries(titles)
      .filter(([, title]) => said.startsWith(`${title.toLowerCase()} `))
      .sort(([, one], [, other]) => other.length - one.length)[0] ?? []
  return kind && title ? `${kind} ${text.slice(title.length).replace(/^\s*№?\s*/, '')}` : text
}
