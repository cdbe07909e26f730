import { authorWords } from '../staffWords.ts'
import { useWords } from '../words.ts'

/** Who did something, as it is written down: `support:olga` is Olga, as support. */
export function Who({ who }: { who: string }) {
  const roles = useWords(authorWords)
  const [role = '', name] = who.split(':')
  return (
    <span className="line">
      {name ?? role} {name && <span className="soft">· {roles[role] ?? role}</span>}
    </span>
  )
}
