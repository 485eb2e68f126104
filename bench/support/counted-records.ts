import type pg from 'pg'
import { firstDay, lastDay, models, organization, people, workspace } from './counted-facts.ts'

/** The same messages as `writeFacts` makes, as records: rows of log and message as the ledger keeps them, without their sealed content. */
export async function writeRecords(pool: pg.Pool, messages: number, say: (text: string) => void): Promise<void> {
  const chunk = 500_000
  for (let from = 0; from < messages; from += chunk) {
    say(`writing the same records into PostgreSQL, ${(from / 1e6).toFixed(1)} of ${(messages / 1e6).toFixed(0)} million`)
    const values = [from, Math.min(chunk, messages - from), models]
    await pool.query(
      `insert into log (organization_id, seq, workspace_id, source, kind, id, conversation, person, gpt, project, remains, occurred_at, received_at, commitment)
      select ${organization}, n + 1, ${workspace}, 'chatgpt', 'message', 'message-' || n, c, person, nullif(case when c % 8 = 0 then c % 40 + 1 else 0 end, 0),
        nullif(case when c % 9 = 0 then c % 60 + 1 else 0 end, 0), remains, at, at, '\\x0000000000000000000000000000000000000000000000000000000000000000'
      from (${rows}) as t`,
      values,
    )
    await pool.query(
      `insert into message (organization_id, conversation, first_seq, seq, workspace_id, id, created_at, person)
      select ${organization}, c, n + 1, n + 1, ${workspace}, 'message-' || n, at, case when k % 2 = 0 then person end from (${rows}) as t`,
      values,
    )
  }
  await pool.query('vacuum analyze log')
  await pool.query('vacuum analyze message')
}

const rows = `select n, c, k, (c * 7919) % ${people} + 1 as person,
    json_build_object('role', case when k = 9 and c % 4 = 0 then 'tool' when k % 2 = 0 then 'user' else 'assistant' end,
      'model', ($3::text[])[(c * 31) % 6 + 1])::text as remains,
    timestamptz '${firstDay}T07:00:00Z' + ((c * 104729) % 365) * interval '1 day'
      + ((c * 613) % 36000 + k * 60 + case when k >= 6 then 2400 else 0 end) * interval '1 second' as at
  from (select n, n / 10 + 1 as c, n % 10 as k from generate_series($1::bigint, $1::bigint + $2::bigint - 1) as n) as numbers`

/** Conversations a week, their messages and the median of these, from the records; the total as its own question. */
export const recordQuestions = ['1', 'total'].map(
  (key) => `with per as (
      select ${key === '1' ? `date_trunc('week', m.created_at + interval '1 day')` : `'total'`} as key, m.conversation, count(*) as n
      from message m join log l on l.organization_id = m.organization_id and l.seq = m.seq
      where m.organization_id = ${organization} and m.workspace_id = ${workspace} and m.created_at >= '${firstDay}' and m.created_at < timestamptz '${lastDay}' + interval '1 day'
        and l.remains::json->>'role' = 'user' and l.remains::json->>'hidden' is null and l.remains::json->>'injected' is null
      group by 1, 2)
    select key, count(*) as conversations, sum(n) as messages, percentile_cont(0.5) within group (order by n) as median from per group by 1`,
)
