import { html } from 'hono/html'
import { nameOf, type Schema } from './document.ts'

type Html = ReturnType<typeof html>
type Shown = Html | string

/** What a value is made of: a table of its fields, each with what it may be; a simple one is a line. */
export function schemaShown(schema: Schema | undefined): Shown {
  if (!schema) return ''
  const variants = schema.oneOf ?? schema.anyOf
  if (variants?.some(({ properties }) => properties))
    return html`<p class="soft">One of these:</p>${variants.map((variant) => html`<div class="variant">${schemaShown(variant)}</div>`)}`
  if (schema.allOf) return html`${schema.allOf.map(schemaShown)}`
  if (schema.properties) return fieldsOf(schema)
  if (schema.type === 'array' && schema.items?.properties)
    return html`<p>A list${countOf(schema)}, each of which is:</p>${schemaShown(schema.items)}`
  return html`<p>${typeOf(schema)}</p>`
}

function fieldsOf({ properties = {}, required = [] }: Schema): Html {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="Fields"><table>
<thead><tr><th scope="col">Field</th><th scope="col">What it is</th></tr></thead>
<tbody>${Object.entries(properties).map(
    ([name, field]) =>
      html`<tr><th scope="row"><code>${name}</code>${required.includes(name) ? '' : html` <small>optional</small>`}</th><td>${typeOf(field)}${field.description ? html`<br>${field.description}` : ''}${nestedOf(field)}</td></tr>`,
  )}</tbody></table></div>`
}

/** What a field has inside of it stands folded below. */
function nestedOf(field: Schema): Shown {
  const inside = [field, ...(field.anyOf ?? []), ...(field.oneOf ?? [])]
    .flatMap((schema) => (schema.items ? [schema.items, ...(schema.items.anyOf ?? [])] : schema))
    .filter(({ properties }) => properties)
  if (inside.length === 0) return ''
  return html`<details><summary>Its fields</summary>${inside.map(schemaShown)}</details>`
}

/** In a line of words. */
export function typeOf(schema: Schema): Shown {
  if (schema.$ref) return html`<a href="#schema-${nameOf(schema.$ref)}">${nameOf(schema.$ref)}</a>`
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`
  if (schema.enum) return joined(schema.enum.map((value) => html`<code>${JSON.stringify(value)}</code>`))
  const variants = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (variants) return joined(variants.map(typeOf))
  if (Array.isArray(schema.type)) return joined(schema.type.map((type) => typeOf({ ...schema, type })))
  switch (schema.type) {
    case 'array':
      return html`list${countOf(schema)} of ${schema.items ? typeOf(schema.items) : 'anything'}`
    case 'integer':
      return `whole number${rangeOf(schema)}`
    case 'number':
      return `number${rangeOf(schema)}`
    case 'string':
      return html`text${textOf(schema)}`
    case 'object':
      return schema.properties || typeof schema.additionalProperties !== 'object'
        ? 'object'
        : html`object of any names, each ${typeOf(schema.additionalProperties)}`
    case undefined:
      return 'anything'
    default:
      return schema.type
  }
}

const joined = (parts: Shown[]): Html =>
  html`${parts.map((part, index) => (index === 0 ? part : html` or ${part}`))}`

/** The largest whole number of JavaScript is no limit that says anything. */
const isLimit = (limit: number | undefined): limit is number =>
  limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): string {
  const parts = [
    isLimit(minimum) ? `at least ${minimum}` : null,
    isLimit(exclusiveMinimum) ? `more than ${exclusiveMinimum}` : null,
    isLimit(maximum) ? `at most ${maximum}` : null,
    isLimit(exclusiveMaximum) ? `less than ${exclusiveMaximum}` : null,
  ].filter((part) => part !== null)
  return parts.length === 0 ? '' : `, ${parts.join(', ')}`
}

function countOf({ minItems, maxItems }: Schema): string {
  if (maxItems === undefined) return minItems ? ` of at least ${minItems}` : ''
  return ` of ${minItems ?? 0} to ${maxItems}`
}

function textOf({ format, pattern, minLength, maxLength }: Schema): Shown {
  const named = { 'date-time': ', a moment: 2026-12-07T10:00:00.000Z', uuid: ', a UUID', uri: ', an address' }
  if (format && format in named) return named[format as keyof typeof named]
  const length = maxLength === undefined ? '' : `, ${minLength ?? 0} to ${maxLength} characters`
  return pattern === undefined ? length : html`${length}, like <code>${pattern}</code>`
}
