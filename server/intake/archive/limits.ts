const MB = 1024 * 1024
const GB = 1024 * MB

/** Entries of one archive. The fullest real exports hold some thousand pictures; a directory of millions is only there to hurt. */
export const MAX_ENTRIES = 10_000

/** How far an entry may unpack. Real chat JSON shrinks to a tenth, deflate cannot pass 1,032, and a bomb lives near that. */
export const MAX_RATIO = 100
/** Below this an entry is too small to hurt, and short texts may well repeat themselves. */
export const RATIO_FROM = MB

/** All JSON and HTML of one archive, unpacked. It is streamed, so this protects the database behind, not memory. */
export const MAX_TEXT_BYTES = 2 * GB

/**
 * All other files of one archive, unpacked: 2 GB, or three times the archive if that is more. Pictures and sound hardly shrink,
 * so an archive of 20 GB of them passes, while a small one that unpacks to gigabytes does not.
 */
export const MAX_FILE_BYTES = 2 * GB
export const FILE_GROWTH = 3

/** One top-level element, which is held in memory while it is read. */
export const MAX_ELEMENT_BYTES = 256 * MB

/** One record, and so everything that becomes one. */
export const MAX_RECORD_BYTES = 32 * MB

export function fileBytesAllowed(archiveSize: number): number {
  return Math.max(MAX_FILE_BYTES, archiveSize * FILE_GROWTH)
}

export function isText(path: string): boolean {
  return /\.(json|html?)$/i.test(path)
}
