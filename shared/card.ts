import { z } from 'zod'
import { CARD } from './cardText.ts'

export const cardSchema = z
  .string()
  .regex(CARD, 'a card is 6, 7 or 9–12 digits, and a long one does not begin with 99')
