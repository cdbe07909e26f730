import { useTexts } from '../portal.ts'

/** The place that rows will take. */
export function Rows() {
  const { loading } = useTexts()
  return (
    <div className="panel" role="status">
      <span className="unseen">{loading}</span>
      {[62, 48, 70, 55].map((width) => (
        <div className="row" key={width}>
          <span className="bone round" />
          <div>
            <span className="bone" />
            <span className="bone short" />
          </div>
        </div>
      ))}
    </div>
  )
}
