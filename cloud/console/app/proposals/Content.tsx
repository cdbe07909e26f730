import { useWords } from '../words.ts'
import { BatchTerms } from './BatchTerms.tsx'
import { BookChange } from './BookChange.tsx'
import { proposalWords } from './words.ts'

interface Proposed {
  act: 'book publish' | 'voucher add'
  input: { document?: unknown; batch?: unknown }
  programme: number
}

/** What stands in the book or the batch that is proposed. */
export default function Content({ act, input: { document, batch }, programme }: Proposed) {
  const texts = useWords(proposalWords)
  if (act === 'voucher add') return <BatchTerms batch={batch} />
  return (
    <div>
      <h3>{texts.change}</h3>
      <BookChange document={document} programme={programme} />
    </div>
  )
}
