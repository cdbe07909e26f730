import { durationsIn } from './durations.ts'

/** On the command line, in the log and in the chat. */
export const { ago, offset } = durationsIn({ second: 's', minute: 'min', hour: 'h', day: 'd' })
