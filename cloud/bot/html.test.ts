import { expect, it } from 'vitest'
import { html, lines, paragraphs } from './html.ts'

it.each([
  ['<b>', '&lt;b&gt;'],
  ['A & B', 'A &amp; B'],
  ['</a>&lt;', '&lt;/a&gt;&amp;lt;'],
  ['*_`[x](y)', '*_`[x](y)'],
])('whatever is put into a text is escaped: %s', (given, escaped) => {
  expect(html`<i>${given}</i>`.html).toBe(`<i>${escaped}</i>`)
})

it('a text inside a text stays what it is', () => {
  expect(html`${html`<b>${'<'}</b>`} ${0}`.html).toBe('<b>&lt;</b> 0')
})

it('what is absent takes no line', () => {
  expect(paragraphs([html`a`, null, lines([html`b`, null, html`c`])]).html).toBe('a\n\nb\nc')
})
