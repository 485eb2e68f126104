import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** Writes a small file so that it is there whole or not at all, also after a power loss. An existing file is left alone. */
export function writeDurably(path: string, text: string, mode: number): void {
  place(path, text, mode, (part) => {
    // Two processes may start on one empty data directory: the first link wins, both then read the same file.
    try {
      linkSync(part, path)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    } finally {
      rmSync(part, { force: true })
    }
  })
}

/** The same, replacing what was there: for files that others wait for, such as the ready file. */
export function replaceDurably(path: string, text: string, mode: number): void {
  place(path, text, mode, (part) => renameSync(part, path))
}

function place(path: string, text: string, mode: number, finish: (part: string) => void): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const part = `${path}.${process.pid}.part`
  const file = openSync(part, 'w', mode)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  finish(part)
  syncFolder(dirname(path))
}

/** A new name is durable only once its folder is. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
