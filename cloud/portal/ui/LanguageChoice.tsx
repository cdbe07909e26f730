import type { Language } from '../../../shared/me.ts'
import { useTexts } from '../portal.ts'

/** Each in its own words, so that who ended up in the wrong one finds the way out. */
export function LanguageChoice({ present, onChange }: { present: string; onChange(to: Language): void }) {
  const { languageNames, language } = useTexts()
  return (
    <fieldset className="choice">
      <legend className="unseen">{language}</legend>
      {(Object.keys(languageNames) as Language[]).map((name) => (
        <button
          key={name}
          type="button"
          lang={name}
          aria-pressed={name === present}
          onClick={() => name !== present && onChange(name)}
        >
          {languageNames[name]}
        </button>
      ))}
    </fieldset>
  )
}
