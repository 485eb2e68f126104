import type { Rules } from './grammar.ts'

/** What is written the same in every language: programs, rows of data, systems, invented companies. */
export const code: Rules = {
  codeLanguage: `5* Python ¦ 4* TypeScript ¦ 2* Java ¦ 2* Go ¦ Rust ¦ 2* SQL ¦ C# ¦ Bash ¦ Kotlin ¦ PHP`,
  codeError: `
    KeyError: '{column}' ¦ TypeError: cannot read properties of undefined (reading '{column}') ¦ connection reset by {service} after {2..60} s
    duplicate key value violates unique constraint "{entity}_{column}_key" ¦ relation "{entity}" does not exist ¦ 429 Too Many Requests from {service}
    ValueError: could not convert string to float: '{2..90},{10..99}' ¦ NullPointerException in {Service}Reader ¦ deadlock detected on {entity}
    ModuleNotFoundError: No module named '{service}' ¦ exit code {1..139} in step {column}`,
  code: `{python} ¦ {python} ¦ {typescript} ¦ {typescript} ¦ {sql} ¦ {shell} ¦ {go} ¦ {yaml}`,
  python: `
    \`\`\`python⏎def {verb}_{entity}(rows, limit={10..900}):⏎    seen = set()⏎    for row in rows:⏎        key = (row["{column}"], row["{column}"])⏎        if key in seen:⏎            continue⏎        seen.add(key)⏎        yield row⏎        if len(seen) >= limit:⏎            break⏎\`\`\`
    \`\`\`python⏎import csv⏎from collections import defaultdict⏎⏎def {verb}_by_{column}(path):⏎    totals = defaultdict(float)⏎    with open(path, newline="", encoding="utf-8") as file:⏎        for row in csv.DictReader(file):⏎            totals[row["{column}"]] += float(row["{column}"] or 0)⏎    return dict(sorted(totals.items(), key=lambda item: -item[1])[:{5..50}])⏎\`\`\`
    \`\`\`python⏎import pandas as pd⏎⏎{entity} = pd.read_csv("{entity}.csv", parse_dates=["{column}"])⏎by_month = {entity}.groupby({entity}["{column}"].dt.to_period("M"))["{column}"].agg(["count", "mean"])⏎print(by_month.tail({3..24}))⏎\`\`\`
    \`\`\`python⏎def fetch_{entity}(client, attempts={2..8}):⏎    for attempt in range(attempts):⏎        reply = client.get("/{service}/{entity}", timeout={2..30})⏎        if reply.status_code != {500..504}:⏎            return reply.json()⏎        time.sleep(2 ** attempt)⏎    raise RuntimeError("{service} did not answer")⏎\`\`\``,
  typescript: `
    \`\`\`ts⏎interface {Service}Row ‹⏎  {column}: string⏎  {column}At: Date⏎  amount: number⏎›⏎⏎export function {verb}Rows(rows: readonly {Service}Row[]): Map<string, number> ‹⏎  const totals = new Map<string, number>()⏎  for (const row of rows) totals.set(row.{column}, (totals.get(row.{column}) ?? 0) + row.amount)⏎  return totals⏎›⏎\`\`\`
    \`\`\`ts⏎export async function {verb}{Service}(url: string, attempts = {2..7}): Promise<Response> ‹⏎  for (let attempt = 1; ; attempt++) ‹⏎    const reply = await fetch(url, ‹ signal: AbortSignal.timeout({2..30}_000) ›)⏎    if (reply.ok || attempt === attempts) return reply⏎    await sleep({100..900} * attempt)⏎  ›⏎›⏎\`\`\`
    \`\`\`ts⏎test('{verb} keeps the {column} of every row', () => ‹⏎  const rows = [‹ {column}: 'a', count: {1..9} ›, ‹ {column}: 'b', count: {10..99} ›]⏎  expect({verb}(rows)).toHaveLength({2..9})⏎›)⏎\`\`\``,
  sql: `
    \`\`\`sql⏎select {column}, count(*) as {entity}_count⏎from {entity}⏎where created_at >= date '{2023..2026}-0{1..9}-{10..28}'⏎group by {column}⏎having count(*) > {2..40}⏎order by {entity}_count desc⏎limit {5..100};⏎\`\`\`
    \`\`\`sql⏎with monthly as (⏎  select date_trunc('month', {column}_at) as month, sum(amount) as amount⏎  from {entity}⏎  group by 1⏎)⏎select month, amount, amount - lag(amount) over (order by month) as change⏎from monthly⏎order by month desc⏎limit {3..36};⏎\`\`\`
    \`\`\`sql⏎create index concurrently {entity}_{column}_idx⏎  on {entity} ({column}, created_at desc)⏎  where status <> '{status}';⏎\`\`\`⏎⏎\`\`\`sql⏎explain (analyze, buffers)⏎select * from {entity} where {column} = {100..99000} order by created_at desc limit {10..90};⏎\`\`\``,
  shell: `\`\`\`bash⏎set -euo pipefail⏎for file in {entity}-*.csv; do⏎  tail -n +2 "$file" | cut -d, -f{1..9} | sort | uniq -c | sort -rn | head -{3..20}⏎done > {column}.txt⏎\`\`\` ¦ \`\`\`bash⏎kubectl rollout status deployment/{service} --timeout={30..300}s⏎kubectl logs deployment/{service} --since={5..60}m | grep -c "{status}"⏎\`\`\``,
  go: `\`\`\`go⏎func {verb}{Service}(ctx context.Context, rows []Row) (map[string]int, error) ‹⏎	ctx, cancel := context.WithTimeout(ctx, {2..60}*time.Second)⏎	defer cancel()⏎	totals := make(map[string]int, {16..512})⏎	for _, row := range rows ‹⏎		if err := ctx.Err(); err != nil ‹⏎			return nil, fmt.Errorf("{verb} {entity}: %w", err)⏎		›⏎		totals[row.Key]++⏎	›⏎	return totals, nil⏎›⏎\`\`\``,
  yaml: `\`\`\`yaml⏎{service}:⏎  image: registry.example/{service}:{1..9}.{0..40}.{0..12}⏎  replicas: {1..9}⏎  env:⏎    {Service}Timeout: "{2..60}s"⏎  resources:⏎    limits: ‹ cpu: {1..8}, memory: {256..4096}Mi ›⏎\`\`\``,
  json: `\`\`\`json⏎[⏎  ‹ "{column}": "{city}", "amount": {10..9900}, "status": "{status}" ›,⏎  ‹ "{column}": "{city}", "amount": {10..9900}, "status": "{status}" ›,⏎  ‹ "{column}": "{city}", "amount": {10..9900}, "status": "{status}" ›⏎]⏎\`\`\``,
  csv: `{column};city;amount;status⏎{csvRow}{csvRow}{csvRow}{csvRow} ¦ id,{column},city,amount⏎{csvIdRow}{csvIdRow}{csvIdRow}{csvIdRow}{csvIdRow}{csvIdRow}`,
  csvRow: `{2023..2026}-0{1..9}-{10..28};{city};{10..99000};{status}⏎`,
  csvIdRow: `{1000..99000},{status},{city},{10..9900}.{10..99}⏎`,
  csvMore: `{csvRow}{csvRow}{csvRow}{csvRow}{csvRow}{csvRow}{csvRow}{csvRow}`,
  verb: `load ¦ merge ¦ group ¦ filter ¦ collect ¦ sum ¦ export ¦ count ¦ normalize`,
  status: `open ¦ paid ¦ shipped ¦ returned ¦ failed ¦ pending ¦ closed`,
  entity: `orders ¦ invoices ¦ tickets ¦ devices ¦ shipments ¦ sessions ¦ members ¦ readings ¦ payments ¦ products`,
  column: `customer_id ¦ order_id ¦ region ¦ email ¦ status ¦ due_date ¦ batch ¦ sku ¦ price ¦ quantity ¦ device ¦ channel ¦ warehouse ¦ plan ¦ locale ¦ country`,
  service: `billing ¦ catalog ¦ checkout ¦ inventory ¦ ledger ¦ mailer ¦ pricing ¦ routing ¦ search ¦ telemetry ¦ uploads ¦ webhooks ¦ identity ¦ scheduling`,
  Service: `Billing ¦ Catalog ¦ Checkout ¦ Inventory ¦ Ledger ¦ Mailer ¦ Pricing ¦ Routing ¦ Search ¦ Telemetry ¦ Upload ¦ Webhook`,
  tool: `Jira ¦ SharePoint ¦ Excel ¦ Salesforce ¦ SAP ¦ Slack ¦ Teams ¦ Confluence ¦ GitLab ¦ Zendesk ¦ Workday ¦ Power BI`,
  city: `Berlin ¦ Lyon ¦ Bergen ¦ Osaka ¦ Madrid ¦ Leeds ¦ Utrecht ¦ Graz ¦ Turin ¦ Porto ¦ Ghent ¦ Toronto ¦ Nagoya ¦ Seville ¦ Leipzig ¦ Oslo ¦ Nantes ¦ Krakow ¦ Basel ¦ Cork`,
  company: `{companyName} ¦ {companyName} {companyKind}`,
  companyName: `{companyRoot}{companyEnd}`,
  companyRoot: `Hald ¦ Vest ¦ Torm ¦ Cald ¦ Brin ¦ Tarn ¦ Fenn ¦ Marl ¦ Quill ¦ Sund ¦ Dorn ¦ Kelv ¦ Grav ¦ Bister ¦ Lund ¦ Nore ¦ Pell ¦ Ross ¦ Skar ¦ Thal`,
  companyEnd: `mark ¦ wick ¦ ora ¦ ex ¦ ian ¦ field ¦ eo ¦ bridge ¦ ana ¦ ost ¦ ell ¦ ivo`,
  companyKind: `Logistics ¦ Systems ¦ Foods ¦ Energy ¦ Group ¦ Labs ¦ Retail ¦ Partners ¦ Medical ¦ Textiles ¦ Freight ¦ Media`,
}
