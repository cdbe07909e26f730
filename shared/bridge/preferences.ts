import { z } from 'zod'
import { textSchema } from '../text.ts'

/** How the screen looks and sounds; the chain's own name and colour. */
export const preferencesSchema = z.object({
  language: z.enum(['ru', 'en']).default('ru'),
  brand: textSchema(40).default('Копилка'),
  colour: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i)
    .default('#0b6b4a'),
  theme: z.enum(['light', 'dark', 'system']).default('light'),
  hasSound: z.boolean().default(true),
  hasMotion: z.boolean().default(true),
  /** The latest operations are open at once; folded, nobody who looks over the counter reads names and sums. */
  showsRecent: z.boolean().default(false),
})
export type Preferences = z.infer<typeof preferencesSchema>
