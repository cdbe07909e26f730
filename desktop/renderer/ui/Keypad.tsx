import { useTexts } from '../screen.ts'
import { Icon } from './Icon.tsx'
import './keypad.css'

interface KeypadProps {
  onType: (character: string) => void
  onBackspace: () => void
  /** In the corner: a comma for sums, or a key that clears a number. */
  corner: 'comma' | 'clear'
  onClear?: () => void
}

export function Keypad({ onType, onBackspace, corner, onClear }: KeypadProps) {
  const texts = useTexts()
  const digit = (character: string) => (
    <button key={character} type="button" className="key" onClick={() => onType(character)}>
      {character}
    </button>
  )
  return (
    <div className="keypad num">
      {[...'123456789'].map(digit)}
      {corner === 'comma' ? (
        <button type="button" className="key" aria-label={texts.common.comma} onClick={() => onType(',')}>
          {texts.decimal}
        </button>
      ) : (
        <button type="button" className="key key-quiet" onClick={onClear}>
          {texts.common.clear}
        </button>
      )}
      {digit('0')}
      <button
        type="button"
        className="key key-quiet"
        aria-label={texts.common.backspace}
        onClick={onBackspace}
      >
        <Icon name="backspace" />
      </button>
    </div>
  )
}
