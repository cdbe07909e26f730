import { useId, useState } from 'react'

interface SwitchProps {
  title: string
  explain: string
  isOn: boolean
  /** Settles when the cloud has answered. */
  onChange(isOn: boolean): Promise<unknown>
}

/** Moves at once; when the cloud did not take it, it moves back. */
export function Switch({ title, explain, isOn, onChange }: SwitchProps) {
  const [wanted, setWanted] = useState<boolean | null>(null)
  const [titleId, explainId] = [useId(), useId()]

  async function change() {
    const next = !isOn
    setWanted(next)
    await onChange(next)
    setWanted(null)
  }

  return (
    <div className="row">
      <div>
        <p className="what" id={titleId}>
          {title}
        </p>
        <p className="details" id={explainId}>
          {explain}
        </p>
      </div>
      <button
        className="switch"
        type="button"
        role="switch"
        aria-checked={wanted ?? isOn}
        aria-labelledby={titleId}
        aria-describedby={explainId}
        disabled={wanted !== null}
        onClick={() => void change()}
      />
    </div>
  )
}
