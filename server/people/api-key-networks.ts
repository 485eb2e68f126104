import { BlockList, isIP } from 'node:net'
import { Refusal } from '../platform/refusal.ts'

/** A range as it is kept: `192.0.2.0/24`, `2001:db8::/32`; a bare address is a range of one. Throws for what is none. */
export function networkOf(text: string): string {
  const { address, family, bits } = parts(text.trim().toLowerCase())
  const most = family === 4 ? 32 : 128
  if (family === 0 || !Number.isInteger(bits) || bits < 0 || bits > most)
    throw new Refusal('bad_request', 'networks: each is an address or a range such as 192.0.2.0/24 or 2001:db8::/32', { param: 'networks' })
  return `${address}/${bits}`
}

/** Whether an address lies in one of the ranges; no range at all means everywhere. An IPv4 address that comes in IPv6 clothes is itself. */
export function isWithin(networks: readonly string[], address: string | null): boolean {
  if (networks.length === 0) return true
  const plain = address?.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '') ?? ''
  const family = isIP(plain)
  return family !== 0 && rangesOf(networks).check(plain, family === 4 ? 'ipv4' : 'ipv6')
}

/** Whether everything in `inner` lies in one of the ranges. */
export function isRangeWithin(networks: readonly string[], inner: string): boolean {
  const { address, bits } = parts(inner)
  const wider = networks.filter((outer) => parts(outer).bits <= bits)
  return wider.length > 0 && isWithin(wider, address)
}

function rangesOf(networks: readonly string[]): BlockList {
  const ranges = new BlockList()
  for (const network of networks) {
    const { address, family, bits } = parts(network)
    ranges.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6')
  }
  return ranges
}

function parts(text: string): { address: string; family: number; bits: number } {
  const [address = '', bits, ...more] = text.split('/')
  const family = more.length > 0 || address.includes('%') ? 0 : isIP(address)
  if (bits === undefined) return { address, family, bits: family === 4 ? 32 : 128 }
  return { address, family, bits: /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN }
}
