import type { Shape } from './export-shapes.ts'

/** Where a value is not of a shape, in words; and which of the shape's fields were met with a value, by their path. */
export interface Compared {
  readonly wrong: string[]
  readonly met: Set<string>
}

export function compare(shape: Shape, value: unknown, { open, met }: { open: boolean; met: Set<string> }): Compared {
  const wrong: string[] = []
  const walk = (part: Shape, found: unknown, path: string): void => {
    if (typeof part === 'string') {
      const [types = '', nullable] = part.startsWith('=') ? [part] : part.split('|')
      if (found === null && nullable === 'null') return
      met.add(path)
      if (!isOf(types, found)) wrong.push(`${path} is not ${part}: ${JSON.stringify(found)}`)
    } else if (isList(part)) {
      if (!Array.isArray(found)) return void wrong.push(`${path} is no array`)
      met.add(path)
      for (const one of found) walk(part[0], one, `${path}[]`)
    } else walkObject(part, found, path)
  }
  const walkObject = (part: { readonly [field: string]: Shape }, found: unknown, path: string): void => {
    if (typeof found !== 'object' || found === null || Array.isArray(found)) return void wrong.push(`${path} is no object`)
    met.add(path)
    const fields = new Map(Object.entries(part).map(([name, inner]) => [name.replace(/\?.*$/, ''), { name, inner }]))
    for (const name of Object.keys(found)) if (!open && !fields.has(name)) wrong.push(`${path}.${name} is not known to the reference`)
    for (const [plain, { name, inner }] of fields) {
      const present = Object.hasOwn(found, plain)
      if (!present && !name.endsWith('?')) wrong.push(`${path}.${plain} is missing`)
      const inside = Reflect.get(found, plain)
      if (present && !(inside === null && name.endsWith('?null'))) walk(inner, inside, `${path}.${plain}`)
    }
  }
  walk(shape, value, '')
  return { wrong, met }
}

const isList = (shape: Shape): shape is readonly [Shape] => Array.isArray(shape)

function isOf(type: string, value: unknown): boolean {
  if (type.startsWith('='))
    return type
      .slice(1)
      .split(',')
      .some((word) => word === value)
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value)
  if (type === 'text time') return typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*Z$/.test(value) && !Number.isNaN(Date.parse(value))
  return typeof value === type
}

/** Every path of a shape. */
export function pathsOf(shape: Shape, path = ''): string[] {
  if (typeof shape === 'string') return [path]
  if (isList(shape)) return [path, ...pathsOf(shape[0], `${path}[]`)]
  return [path, ...Object.entries(shape).flatMap(([name, inner]) => pathsOf(inner, `${path}.${name.replace(/\?.*$/, '')}`))]
}
