import { secureHeaders } from 'hono/secure-headers'

const HALF_A_YEAR_SECONDS = 15_552_000

/** For this host only: whether its subdomains speak TLS is known to who set them up, and their proxy can say so. */
export const pageHeaders = (options: Parameters<typeof secureHeaders>[0]) =>
  secureHeaders({ strictTransportSecurity: `max-age=${HALF_A_YEAR_SECONDS}`, ...options })
