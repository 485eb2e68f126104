import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTestApp } from '../../test/support/app.ts'

const daybook = openTestApp()

/** `table.column: type` for every line of the interface. */
function declared(): string[] {
  const lines = readFileSync(join(import.meta.dirname, 'tables.ts'), 'utf8').split('\n')
  let table = ''
  return lines.flatMap((line) => {
    table = /^ {2}'?([\w.]+)'?: \{$/.exec(line)?.[1] ?? table
    const [, column, type] = /^ {4}(\w+): (.+)$/.exec(line) ?? []
    return column ? [`${table}.${column}: ${type}`] : []
  })
}

interface Column {
  table: string
  column: string
  type: string
  nullable: boolean
  made: boolean
}

const typeOf: Record<string, string> = {
  integer: 'number',
  bigint: 'number',
  smallint: 'number',
  'double precision': 'number',
  text: 'string',
  'text[]': 'string[]',
  uuid: 'string',
  date: 'string',
  'timestamp with time zone': 'string',
  boolean: 'boolean',
  bytea: 'Buffer',
}

function typeScriptOf({ type, nullable, made }: Column): string {
  const plain = `${typeOf[type] ?? type}${nullable ? ' | null' : ''}`
  return made ? `Generated<${plain}>` : plain
}

const tableOf = (line: string) => line.slice(0, line.lastIndexOf('.', line.indexOf(':')))

test('the tables that queries are typed with are those that the migrations leave', async () => {
  const columns = await daybook.rows<Column>(
    `select case n.nspname when 'public' then c.relname else n.nspname || '.' || c.relname end as table, a.attname as column,
       format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable, a.atthasdef or a.attidentity <> '' as made
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname in ('public', 'salts') and a.attnum > 0 and not a.attisdropped`,
  )
  const inDatabase = columns.map((column) => `${column.table}.${column.column}: ${typeScriptOf(column)}`)
  const ours = declared()
  const tables = new Set(ours.map(tableOf))
  expect(tables.size).toBeGreaterThan(15)
  expect(ours.sort()).toEqual(inDatabase.filter((line) => tables.has(tableOf(line))).sort())
})

test('every table begins its key with the organization', async () => {
  const rows = await daybook.rows<{ table: string; first: string }>(
    `select c.oid::regclass::text as table, a.attname as first from pg_class c join pg_index i on i.indrelid = c.oid and i.indisprimary
     join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
     where c.relkind = 'r' and c.relnamespace in ('public'::regnamespace, 'salts'::regnamespace)`,
  )
  const without = await daybook.rows<{ table: string }>(
    `select c.oid::regclass::text as table from pg_class c where c.relkind = 'r' and c.relnamespace in ('public'::regnamespace, 'salts'::regnamespace)
       and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)`,
  )
  expect(without).toEqual([])
  expect(rows.filter(({ table, first }) => first !== 'organization_id' && table !== 'migration')).toEqual([])
})
