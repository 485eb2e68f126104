import type pg from 'pg'

/** The whole search index as lines, in an order of their own. */
export async function indexRows(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(
    `select concat_ws(' ', organization_id, workspace_id, span, word, segment, encode(offsets, 'hex')) as line from word_posting
     order by organization_id, workspace_id, span, word, segment`,
  )
  return rows.map(({ line }) => line)
}
