import { basename } from 'node:path'
import { type Archive, type Entry, rejected } from '../archive/entry.ts'
import { openArchive } from '../archive/open.ts'
import { openZip } from '../archive/zip.ts'
import type { Found, ReadOptions } from '../found.ts'
import { readExport } from './export.ts'
import { exportsIn, roleOf, SKIPPED } from './inventory.ts'

/**
 * Reads ChatGPT data exports: a folder of one or of many, of zips too, a zip, or a single file of conversations. Nothing in
 * the input makes it throw; what cannot be read is named and the rest goes on.
 */
export async function* readChatgptExport(path: string, options: ReadOptions = {}): AsyncGenerator<Found> {
  const resumeAt = options.resumeAt ?? (() => 0)
  const archive = await openArchive(path)
  try {
    yield* archive.problems
    if (archive.kind !== 'file') yield* readAll(archive, basename(path), resumeAt)
    else if (archive.entries.length > 0) yield* readExport({ root: '', entries: archive.entries, isSingle: true }, resumeAt)
  } finally {
    archive.close()
  }
}

async function* readAll(archive: Archive, name: string, resumeAt: (file: string) => number): AsyncGenerator<Found> {
  const { exports, outside } = exportsIn(archive.entries)
  for (const one of exports) yield* readExport(one, resumeAt)
  let zips = 0
  for (const entry of outside) {
    if (entry.onDisk !== undefined && /\.zip$/i.test(entry.path)) {
      zips++
      yield* readZipIn(entry.onDisk, entry.path, resumeAt)
    } else yield stray(entry)
  }
  const isRefused = archive.entries.length === 0 && archive.problems.length > 0
  if (exports.length === 0 && zips === 0 && !isRefused)
    yield rejected(name, 'unknown_file', 'no ChatGPT export in it: there is no conversations.json and no user.json')
}

/** A zip that lies in a folder beside others; a zip within a zip or within an export is never opened. */
async function* readZipIn(onDisk: string, path: string, resumeAt: (file: string) => number): AsyncGenerator<Found> {
  const archive = await openZip(onDisk, path)
  const entries = archive.entries.map((entry) => ({ ...entry, path: `${path}/${entry.path}` }))
  const problems = archive.problems.map((problem) =>
    problem.at.file === path ? problem : { ...problem, at: { ...problem.at, file: `${path}/${problem.at.file}` } },
  )
  try {
    yield* problems
    yield* readAll({ ...archive, entries }, path, resumeAt)
  } finally {
    archive.close()
  }
}

/** A file outside every export. */
function stray(entry: Entry): Found {
  const role = roleOf(entry.path)
  const at = { file: entry.path, index: null }
  if (role === 'housekeeping') return { type: 'skipped', reason: 'not part of an export', at }
  const known = SKIPPED.get(entry.path.slice(entry.path.lastIndexOf('/') + 1))
  return known === undefined
    ? rejected(entry.path, 'unknown_file', 'not a file of a ChatGPT export that is known here')
    : { type: 'skipped', reason: known, at }
}
