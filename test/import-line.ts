import type { Source } from './source-tree.ts'

/** A part imports only from the parts on its left; parts in one place stand beside each other and do not import each other. */
const line = [
  ['contract'],
  ['platform'],
  ['ledger'],
  ['people'],
  ['intake', 'compliance', 'analytics', 'governance'],
  ['exports', 'delivery', 'simulate'],
  ['app'],
]

/** The files directly in `server/`, the commands and the pages put the domains together. */
const app = /^server\/([\w-]+\.ts|(cli|pages|demo)\/.+)$/

/** Every import that goes against the line, and every file that has no place on it, as sentences. */
export function againstTheLine(sources: Source[]): string[] {
  return sources.flatMap((source) => {
    const from = partOf(source.path)
    if (from === 'outside') return []
    if (from === null) return [`${source.path} belongs to no part of the import line`]
    return source.imports.flatMap(({ specifier, target }) => {
      if (target === null || mayImport(from, partOf(target))) return []
      return [`${source.path} imports '${specifier}' (${target}): ${from} may not`]
    })
  })
}

/** Each circle of imports once, as the path around it. */
export function circles(sources: Source[]): string[] {
  const next = new Map(sources.map(({ path, imports }) => [path, imports.flatMap(({ target }) => target ?? [])]))
  const found = new Set<string>()
  const done = new Set<string>()
  function follow(path: string, trail: string[]): void {
    const start = trail.indexOf(path)
    if (start >= 0) found.add([...trail.slice(start), path].join(' → '))
    if (start >= 0 || done.has(path)) return
    for (const target of next.get(path) ?? []) follow(target, [...trail, path])
    done.add(path)
  }
  for (const { path } of sources) follow(path, [])
  return [...found]
}

export function tooLong(sources: Source[]): string[] {
  const files = sources.filter(({ lines }) => lines > 400).map(({ path, lines }) => `${path} has ${lines} lines, more than 400`)
  const functions = sources.filter(({ path }) => !isTest(path)).flatMap((source) => longFunctions(source))
  return [...files, ...functions]
}

function longFunctions({ path, functions }: Source): string[] {
  const long = functions.filter(({ lines }) => lines > 60)
  return long.map(({ line, lines }) => `${path}:${line} is a function of ${lines} lines, more than 60`)
}

export function defaultExports(sources: Source[]): string[] {
  return sources.filter(({ path, hasDefaultExport }) => hasDefaultExport && !path.endsWith('.config.ts')).map(({ path }) => path)
}

/** Tests, benches and scripts stand outside: they import what they like, and nothing of the product imports them. */
function partOf(path: string): string | null {
  if (isTest(path) || /^(test|bench|scripts)\//.test(path)) return 'outside'
  if (path.startsWith('contract/')) return 'contract'
  if (path.startsWith('web/')) return 'web'
  if (app.test(path)) return 'app'
  const domain = /^server\/([^/]+)\//.exec(path)?.[1]
  return domain !== undefined && placeOf(domain) >= 0 ? domain : null
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path)
}

function placeOf(part: string): number {
  return line.findIndex((parts) => parts.includes(part))
}

function mayImport(from: string, to: string | null): boolean {
  if (to === null || to === 'outside') return false
  if (from === to) return true
  if (from === 'web' || to === 'web') return from === 'web' && to === 'contract'
  return placeOf(to) < placeOf(from)
}
