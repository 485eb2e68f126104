import { createHash } from 'node:crypto'

const sha256 = (...parts: Buffer[]) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

const leafPrefix = Buffer.from([0])
const nodePrefix = Buffer.from([1])

/** Merkle tree hash of RFC 6962 section 2.1 over the entries in their order. */
export function merkleRoot(entries: readonly Buffer[]): Buffer {
  let level: Buffer[] = entries.map((entry) => sha256(leafPrefix, entry))
  if (level.length === 0) return sha256()
  // Pairing neighbours and carrying an odd last one up gives the RFC's split at the largest power of two.
  while (level.length > 1) {
    const next: Buffer[] = []
    for (let i = 0; i < level.length; i += 2) {
      const left = level[i] ?? Buffer.alloc(0)
      const right = level[i + 1]
      next.push(right ? sha256(nodePrefix, left, right) : left)
    }
    level = next
  }
  return level[0] ?? sha256()
}
