import { useState } from 'react'
import { useAddress } from '../../kit/address.ts'
import { usePlace } from '../../kit/place.ts'
import { Empty, Shown } from '../../kit/Shown.tsx'
import { useMay } from '../../session.ts'
import { useWords } from '../../words.ts'
import { useBook } from '../useBook.ts'
import { BookForm } from './BookForm.tsx'
import { useBookTrial } from './useBookTrial.ts'
import { bookEditorWords } from './words.ts'

/** The next version of the book: begins with the one that holds now. */
export function NewBook() {
  const texts = useWords(bookEditorWords)
  const may = useMay()
  const { programme } = usePlace()
  if (!may('book publish')) return <Empty title={texts.notYours}>{texts.notYoursText}</Empty>
  return <Begun key={programme} programme={programme} />
}

const names = ['draft'] as const

/** Loaded again, the page goes on with what was tried: its address says so. */
function Begun({ programme }: { programme: string | undefined }) {
  const { list, book } = useBook(programme)
  const tried = useBookTrial(programme)
  const [{ draft }, keepAddress] = useAddress(names)
  const [isTried, setIsTried] = useState(draft === 'tried')
  // By the version with which somebody has begun anew.
  const [begun, setBegun] = useState(0)
  if (list.error && !list.data) return <Shown of={list}>{() => null}</Shown>
  if (isTried && !tried.read.data) return <Shown of={tried.read}>{() => null}</Shown>
  return (
    <Shown of={book} lines={12}>
      {({ version, document }) => (
        <BookForm
          key={begun}
          begin={isTried ? (tried.read.data?.trial ?? null) : null}
          tried={tried}
          version={version}
          document={document}
          versions={list.data?.books ?? []}
          onTried={() => void keepAddress({ draft: 'tried' })}
          onAnew={() => {
            setIsTried(false)
            setBegun(version)
          }}
        />
      )}
    </Shown>
  )
}
