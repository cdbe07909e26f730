/** A text in Telegram's HTML. Whatever is put into it is escaped, unless it is such a text itself. */
export interface Html {
  readonly html: string
}

export function html(strings: TemplateStringsArray, ...values: (string | number | Html)[]): Html {
  const parts = strings.map((string, at) => string + (at < values.length ? markup(values[at] ?? '') : ''))
  return { html: parts.join('') }
}

/** One under the other; what is null is left out. */
export function paragraphs(parts: (Html | null)[], gap = '\n\n'): Html {
  return { html: parts.flatMap((part) => (part ? [part.html] : [])).join(gap) }
}

export function lines(parts: (Html | null)[]): Html {
  return paragraphs(parts, '\n')
}

function markup(value: string | number | Html): string {
  return typeof value === 'object' ? value.html : escapeHtml(String(value))
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
