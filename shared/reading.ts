import { z } from 'zod'

/** A word that no list of today has, said by a newer writer. */
export type NewWord = string & {}

/** What a reader has in hand: wherever a writer says one word of a list, it may be a new one. */
export type Reading<T> = T extends readonly (infer Item)[]
  ? Reading<Item>[]
  : T extends object
    ? { [Key in keyof T]: ReadingOfField<T[Key]> }
    : T
type ReadingOfField<T> =
  IsOneOfList<NonNullable<T>, string> extends true
    ? T | NewWord
    : IsOneOfList<NonNullable<T>, number> extends true
      ? T | number
      : Reading<T>
/** More than one possible word or number, and not any. */
type IsOneOfList<T, Any> = [T] extends [Any] ? (Any extends T ? false : IsUnion<T>) : false
type IsUnion<T, All = T> = T extends unknown ? ([All] extends [T] ? false : true) : never

/**
 * The same form as a reader of any age takes it. A writer is held to the form of its day; who reads may be older than
 * who writes. So a list of words or numbers is open, the bounds of a number are the writer's, fields of tomorrow are
 * left out, and of an array the items are taken that can be read. What a field is, and which of two forms an item has,
 * is never guessed.
 */
export function reading<S extends z.ZodType>(schema: S): z.ZodType<Reading<z.output<S>>> {
  return open(schema) as z.ZodType<Reading<z.output<S>>>
}

function open(schema: z.core.$ZodType): z.ZodType {
  if (schema instanceof z.ZodEnum) return z.string()
  if (schema instanceof z.ZodNumber) return schema.isInt ? z.int() : z.number()
  if (schema instanceof z.ZodObject)
    return z.object(
      Object.fromEntries(Object.entries(schema.shape).map(([key, field]) => [key, open(field)])),
    )
  if (schema instanceof z.ZodArray) return readableItems(open(schema.element))
  if (schema instanceof z.ZodDiscriminatedUnion) return z.union(schema.options.map(open))
  if (schema instanceof z.ZodUnion)
    return isListOfNumbers(schema) ? z.number() : z.union(schema.options.map(open))
  if (schema instanceof z.ZodNullable) return open(schema.unwrap()).nullable()
  if (schema instanceof z.ZodOptional) return open(schema.unwrap()).optional()
  if (schema instanceof z.ZodDefault) return open(schema.unwrap()).default(schema.def.defaultValue)
  return schema as z.ZodType
}

function isListOfNumbers({ options }: z.ZodUnion): boolean {
  return options.every((one) => one instanceof z.ZodLiteral && typeof one.value === 'number')
}

function readableItems(item: z.ZodType): z.ZodType {
  return z.array(z.unknown()).transform((items) =>
    items.flatMap((one) => {
      const read = item.safeParse(one)
      return read.success ? [read.data] : []
    }),
  )
}
