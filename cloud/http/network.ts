import { isIPv4, isIPv6 } from 'node:net'

const GROUPS_OF_A_NETWORK = 4

/** The network that a limit counts: an IPv4 address, or the /64 of an IPv6 address, all of which one sender has. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (isIPv4(plain)) return plain
  if (!isIPv6(plain)) return 'unknown'
  return `${groupsOf(plain).slice(0, GROUPS_OF_A_NETWORK).join(':')}::/64`
}

/** The eight groups of an address, those that `::` stands for too. */
function groupsOf(address: string): string[] {
  const [bare = ''] = address.split('%')
  const [left = [], right = []] = bare.split('::').map((half) => half.split(':').filter(Boolean))
  const missing = Math.max(0, 8 - left.length - right.length)
  const groups = [...left, ...Array<string>(missing).fill('0'), ...right]
  return groups.map((group) => Number.parseInt(group, 16).toString(16))
}
