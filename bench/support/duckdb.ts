import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { firstDay, lastDay, organization, workspace } from './counted-facts.ts'

/** The facts in DuckDB's own storage, from the Parquet file they were exported to. */
export async function openDuckDb(file: string): Promise<DuckDBConnection> {
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect()
  await duckdb.run('create table message_fact as select * from read_parquet($1)', [file])
  return duckdb
}

/** The same as `recordQuestions`, over the facts. */
export const factQuestions = [`date_trunc('week', day + interval 1 day)`, `'total'`].map(
  (key) => `select key, count(*) as conversations, sum(n) as messages, quantile_cont(n, 0.5) as median
    from (select ${key} as key, conversation, sum(sign) as n from message_fact
      where organization = ${organization} and workspace = ${workspace} and day between '${firstDay}' and '${lastDay}' and counted
      group by 1, 2 having sum(sign) > 0) group by 1`,
)
