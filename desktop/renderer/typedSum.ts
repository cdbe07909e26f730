import { useState } from 'react'
import { amountOf, kopecksOf, shownAmount, typeAmount } from './amountInput.ts'
import { useTexts } from './screen.ts'

/** A sum while it is being typed: by the keys of the keyboard, those of the screen, or put in by one go. */
export function useTypedSum() {
  const { decimal } = useTexts()
  const [text, setText] = useState('')
  return {
    isEmpty: text === '',
    kopecks: kopecksOf(text),
    shown: shownAmount(text, decimal),
    placeholder: `0${decimal}00`,
    type: (character: string) => setText((before) => typeAmount(before, character)),
    backspace: () => setText((before) => before.slice(0, -1)),
    clear: () => setText(''),
    replace: (whole: string) => setText(amountOf(whole)),
  }
}
