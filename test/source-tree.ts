import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import { type Node, type SourceFile, SyntaxKind } from 'typescript/unstable/ast'
import { isCallExpression, isFunctionLikeDeclaration, isStringLiteral, isTemplateExpression } from 'typescript/unstable/ast/is'
import { API, type Program } from 'typescript/unstable/async'

/** One of our source files, by its path from the root of the checkout. */
export interface Source {
  path: string
  lines: number
  imports: Import[]
  functions: { line: number; lines: number }[]
  hasDefaultExport: boolean
}

export interface Import {
  specifier: string
  /** The file of ours it names, from the root; null when it names a package or mere data. */
  target: string | null
}

const folders = ['contract', 'server', 'web', 'bench', 'test', 'scripts']

/** Every TypeScript file of a checkout, read with the compiler's own parser: a pattern would miss imports, or find them in strings. */
export async function readSources(root: string): Promise<Source[]> {
  const paths = folders.flatMap((folder) => typeScriptIn(root, folder)).sort()
  return withParser(root, paths, (program) =>
    Promise.all(
      paths.map(async (path) => {
        const file = await program.getSourceFile(join(root, path))
        if (!file) throw new Error(`${path} was not parsed`)
        return readSource(path, file)
      }),
    ),
  )
}

function typeScriptIn(root: string, folder: string): string[] {
  const entries = existsSync(join(root, folder)) ? readdirSync(join(root, folder), { withFileTypes: true }) : []
  return entries.flatMap((entry) => {
    const path = posix.join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : typeScriptIn(root, path)
    return /\.tsx?$/.test(entry.name) ? [path] : []
  })
}

/** A project of exactly these files, nothing resolved: the rules are about what is written, and must work where nothing compiles. */
async function withParser<Result>(root: string, paths: string[], use: (program: Program) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-sources-'))
  const config = join(folder, 'tsconfig.json')
  const compilerOptions = { noResolve: true, noLib: true, allowImportingTsExtensions: true, noEmit: true, jsx: 'preserve', types: [] }
  writeFileSync(config, JSON.stringify({ compilerOptions, files: paths.map((path) => join(root, path)) }))
  const parser = new API()
  try {
    const snapshot = await parser.updateSnapshot({ openProjects: [config] })
    const project = snapshot.getProject(config)
    if (!project) throw new Error('the parser did not open its project')
    return await use(project.program)
  } finally {
    await parser.close()
    rmSync(folder, { recursive: true })
  }
}

function readSource(path: string, file: SourceFile): Source {
  const source: Source = { path, lines: file.text.trimEnd().split('\n').length, imports: [], functions: [], hasDefaultExport: false }
  source.imports = file.imports.filter(isStringLiteral).map(({ text }) => ({ specifier: text, target: targetOf(path, text) }))
  function visit(node: Node): void {
    if (isFunctionLikeDeclaration(node)) source.functions.push(extent(node, file))
    if (isComputedImport(node)) source.imports.push({ specifier: node.getText(file), target: 'a path worked out at run time' })
    if (isDefaultExport(node)) source.hasDefaultExport = true
    node.forEachChild(visit)
  }
  visit(file)
  return source
}

function targetOf(path: string, specifier: string): string | null {
  if (/\.(json|css|svg)$/.test(specifier)) return null
  return /^\.{0,2}\//.test(specifier) ? posix.join(posix.dirname(path), specifier) : null
}

function extent(node: Node, file: SourceFile): { line: number; lines: number } {
  const start = node.getStart(file)
  return { line: file.text.slice(0, start).split('\n').length, lines: file.text.slice(start, node.getEnd()).split('\n').length }
}

/** An import() that cannot be judged by reading it; a template that begins with a package's name can. */
function isComputedImport(node: Node): boolean {
  if (!isCallExpression(node) || node.expression.kind !== SyntaxKind.ImportKeyword) return false
  const [name] = node.arguments
  if (!name || isStringLiteral(name)) return !name
  return !(isTemplateExpression(name) && /^[@a-z]/.test(name.head.text))
}

/** `export default …`, `export default function`, `export { name as default }`. */
function isDefaultExport(node: Node): boolean {
  if (node.kind === SyntaxKind.ExportAssignment || node.kind === SyntaxKind.DefaultKeyword) return true
  return node.kind === SyntaxKind.ExportSpecifier && /\bdefault$/.test(node.getText())
}
