/** A coin on its way into the box. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M9 13.5h14M16 5.5v5" />
      <circle cx="16" cy="20.5" r="5" />
    </svg>
  )
}
