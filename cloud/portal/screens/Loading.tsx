import { useTexts } from '../portal.ts'
import './card.css'
import '../ui/codeBox.css'

/** The card as it will be, before anything is known of it. */
export function Loading() {
  const { loading } = useTexts()
  return (
    <main className="screen">
      <h1 className="unseen">{loading}</h1>
      <div className="pass waiting" aria-hidden="true">
        <span className="bone line" />
        <span className="bone number" />
        <span className="bone line" />
        <div className="tear" />
        <div className="code-box">
          <div className="code-waiting" />
        </div>
        <span className="bone line" />
      </div>
    </main>
  )
}
