import { useState } from 'react'
import { ActDialog } from '../kit/ActDialog.tsx'
import { Field } from '../kit/Field.tsx'
import { usePlace } from '../kit/place.ts'
import { useStoreNames } from '../stores/useStoreNames.ts'
import { useWords } from '../words.ts'
import { CodeOnce } from './RegisterDeed.tsx'
import { registerWords } from './words.ts'

/** A code for a till that is not there yet: it comes into the list when somebody types the code there. */
export function NewRegister({ onClose }: { onClose: () => void }) {
  const texts = useWords(registerWords)
  const stores = [...useStoreNames()].map(([id, title]) => ({ value: String(id), title }))
  const { store: ofPage } = usePlace()
  const [chosen, setChosen] = useState(ofPage ?? '')
  const store = chosen || (stores.length === 1 && stores[0]?.value) || ''
  return (
    <ActDialog
      act="register.code"
      title={texts.add}
      submit={texts.makeCode}
      input={store ? { store } : null}
      told={(told) => <CodeOnce of={told} />}
      onClose={onClose}
    >
      <p>{texts.addText}</p>
      <Field
        title={texts.store}
        value={store}
        choices={store ? stores : [{ value: '', title: '—' }, ...stores]}
        onChange={setChosen}
        isRequired
      />
    </ActDialog>
  )
}
