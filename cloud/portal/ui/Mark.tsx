/** A piggy bank and its coin: a копилка. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 64 64" aria-hidden="true">
      <circle cx="29" cy="14" r="8" />
      <path d="M31 21.5a20 15.5 0 0 1 9.6 1.9L47 17.5q2-.5 2 1.5v13h5a3 3 0 0 1 3 3v6a3 3 0 0 1-3 3h-6.6a20 15.5 0 0 1-2.9 3.3V54a2 2 0 0 1-2 2H38a2 2 0 0 1-2-2v-2a20 15.5 0 0 1-10.5 0v2a2 2 0 0 1-2 2H19a2 2 0 0 1-2-2v-6.2A20 15.5 0 0 1 31 21.5z" />
    </svg>
  )
}
