import type { Rules } from './grammar.ts'

/** The shapes of texts, which are the same in every language: a request with its limits and what is pasted below, an answer of blocks. */
export const structure: Rules = {
  matter: `{#named}`,
  named: `{@thing}`,
  'named/coding and debugging': `{@program}`,

  prompt: `
    {quick}
    2* {request}
    3* {request}{gap}{@constraint}
    2* {@situation}{gap}{request}
    3* {@situation}{gap}{request}{gap}{@constraint}
    {request}{gap}{@constraint}{gap}{@constraint}
    {@situation}{gap}{@situation}{gap}{request}{gap}{@constraint}{gap}{@constraint}
    {request}{#paste}
    {request}{gap}{@constraint}{#paste}
    {@situation}{gap}{request}{gap}{@constraint}{#paste}`,
  paste: `_ ¦ ⏎⏎{mail} ¦ ⏎⏎{notes} ¦ ⏎⏎"""⏎{paragraph}⏎⏎{paragraph}⏎""" ¦ ⏎⏎{paragraph}⏎⏎{paragraph}⏎⏎{paragraph}⏎⏎{paragraph} ¦ ⏎⏎{mail}⏎⏎{mail}⏎⏎{mail}⏎⏎{mail}`,
  'paste/coding and debugging': `⏎⏎{code} ¦ ⏎⏎{code}⏎⏎{trace}⏎⏎{code}⏎⏎{code} ¦ ⏎⏎{code}⏎⏎{code} ¦ ⏎⏎{trace} ¦ ⏎⏎{trace}⏎⏎{code}`,
  'paste/data analysis': `⏎⏎{csv} ¦ ⏎⏎{csv}{csvMore}{csvMore} ¦ ⏎⏎{csv}{csvMore}{csvMore}{csvMore}{csvMore}{csvMore} ¦ _`,
  'paste/extraction and formatting': `⏎⏎{csv} ¦ ⏎⏎{mail} ¦ ⏎⏎{notes}⏎{notes} ¦ ⏎⏎{mail}⏎⏎{mail}`,
  'paste/summarising': `
    ⏎⏎{mail}⏎⏎{mail} ¦ ⏎⏎{notes}⏎{notes} ¦ ⏎⏎{mail}⏎⏎{mail}⏎⏎{mail}⏎⏎{mail}
    ⏎⏎{paragraph}⏎⏎{paragraph}⏎⏎{paragraph}⏎⏎{paragraph}⏎⏎{paragraph}`,
  'paste/self-expression and small talk': `_`,
  'paste/image and media creation': `_`,

  answered: `{#answer}`,
  answer: `
    {#intro}⏎⏎{#body}⏎⏎{outro}
    {#intro}⏎⏎{#body}⏎⏎{paragraph}
    {#body}⏎⏎{section}⏎⏎{outro}
    3* {#intro}⏎⏎{#body}⏎⏎{section}⏎⏎{outro}
    4* {#intro}⏎⏎{paragraph}⏎⏎{#body}⏎⏎{section}⏎⏎{outro}
    2* {#intro}⏎⏎{section}⏎⏎{#body}⏎⏎{section}⏎⏎{paragraph}⏎⏎{outro}`,
  body: `
    {paragraph}⏎⏎{bullets} ¦ {bullets} ¦ {steps}⏎⏎{paragraph} ¦ {paragraph}⏎⏎{paragraph} ¦ {table}⏎⏎{paragraph}
    {section}⏎⏎{section} ¦ {section}⏎⏎{section}⏎⏎{section}`,
  'body/coding and debugging': `
    {code}⏎⏎{paragraph} ¦ {code}⏎⏎{bullets} ¦ {steps}⏎⏎{code} ¦ {code}⏎⏎{paragraph}⏎⏎{code} ¦ {code}⏎⏎{changed}⏎⏎{bullets}`,
  'answer/self-expression and small talk': `{#intro}⏎⏎{#body} ¦ {#body} ¦ {#intro}⏎⏎{#body}⏎⏎{outro}`,
  'answer/other': `{#intro}⏎⏎{#body} ¦ {#body}⏎⏎{outro} ¦ {#intro}⏎⏎{paragraph}⏎⏎{#body}⏎⏎{outro}`,
  'body/data analysis': `{table}⏎⏎{bullets} ¦ {bullets}⏎⏎{paragraph} ¦ {table}⏎⏎{paragraph} ¦ {paragraph}⏎⏎{code}⏎⏎{paragraph}`,
  'body/writing and editing': `{letter} ¦ {letter}⏎⏎{bullets} ¦ {paragraph}⏎⏎{paragraph} ¦ **{^@point}**⏎⏎{paragraph}⏎⏎{paragraph}`,
  'body/summarising': `{bullets} ¦ **{brief}** {say}⏎⏎{bullets} ¦ {bullets}⏎⏎**{open}**⏎⏎{short} ¦ {paragraph}⏎⏎{short}`,
  'body/planning and ideation': `{steps} ¦ {table}⏎⏎{short} ¦ {section}⏎⏎{section}⏎⏎{section} ¦ {short}⏎⏎{paragraph}`,
  'body/decision support': `
    **{pro}**⏎⏎{short}⏎⏎**{con}**⏎⏎{short}⏎⏎{paragraph} ¦ {table}⏎⏎{paragraph} ¦ {section}⏎⏎{section}⏎⏎**{view}** {say}`,
  'body/extraction and formatting': `{table} ¦ {json} ¦ {table}⏎⏎{paragraph} ¦ {short}⏎⏎{table}`,
  'body/self-expression and small talk': `{paragraph} ¦ {verse} ¦ {verse}⏎⏎{verse} ¦ {say}`,
  'body/translation': `> {paragraph} ¦ > {paragraph}⏎>⏎> {paragraph} ¦ > {paragraph}⏎⏎{bullet}⏎{bullet}`,
  'body/other': `{paragraph} ¦ {say} ¦ {short}`,
  say: `4* {@sentence} ¦ {@remark}`,
  paragraph: `
    {say}{gap}{say}{gap}{say}
    {say}{gap}{@link}{gap}{say}
    {say}{gap}{say}{gap}{@link}{gap}{say}
    {say}{gap}{say}{gap}{say}{gap}{@link}{gap}{say}`,
  bullets: `
    {bullet}⏎{bullet}⏎{bullet} ¦ {bullet}⏎{bullet}⏎{bullet}⏎{bullet} ¦ {bullet}⏎{bullet}⏎{bullet}⏎{bullet}⏎{bullet}
    {bullet}⏎{bullet}⏎{bullet}⏎{bullet}⏎{bullet}⏎{bullet}`,
  bullet: `- **{^@point}**: {say}`,
  short: `- {^@point}⏎- {^@point} ({given})⏎- {^@point} ({weekday}) ¦ - {^@point}⏎- {^@point}⏎- {^@point} ({month})⏎- {^@point}`,
  steps: `
    1. {say}⏎2. {say}⏎3. {say}
    1. **{^@point}**. {say}⏎2. **{^@point}**. {say}⏎3. **{^@point}**. {say}⏎4. **{^@point}**. {say}
    1. **{^@point}**⏎2. {say}⏎3. **{^@point}** ({given})⏎4. {say}⏎5. {say}`,
  section: `### {^@point}⏎⏎{paragraph} ¦ ### {^@point}⏎⏎{bullets} ¦ ### {^@point}⏎⏎{say}{gap}{say}`,
  table: `{head}⏎|---|---|---|---:|⏎{row}⏎{row}⏎{row} ¦ {head}⏎|---|---|---|---:|⏎{row}⏎{row}⏎{row}⏎{row}⏎{row}`,
  row: `| {^@point} | {month} | {given} | {4..980} |`,
  notes: `- {given}: {@point}, {month}⏎- {say}⏎- {@point} ({given})⏎- {say}⏎- {@point}?`,
  trace: `
    Traceback (most recent call last):⏎  File "{service}.py", line {12..480}, in load⏎    rows = read({column})⏎  File "{service}/client.py", line {8..220}, in read⏎{codeError}
    {2026..2026}-0{1..9}-{10..28}T{10..23}:{10..59}:{10..59}Z error {service} request={100000..999999} {codeError}`,

  title: `{^#heading}`,

  canvas: `# {^thing}⏎⏎{paragraph}⏎⏎{bullets} ¦ # {^@point}⏎⏎{section}⏎⏎{section} ¦ # {^thing}⏎⏎{paragraph}⏎⏎{table}`,
  'canvas more': `⏎⏎## {^@point}⏎⏎{paragraph} ¦ ⏎⏎## {open}⏎⏎{short} ¦ ⏎⏎{paragraph} ¦ ⏎⏎## {^@point}⏎⏎{table}`,
  transcript: `
    {line}⏎{line}⏎{line}⏎{line}⏎{line}⏎{line} ¦ {line}⏎{line}⏎{line}⏎{line}⏎{line}⏎{line}⏎{line}⏎{line}⏎{line}⏎{line}
    {line}⏎{line}⏎{line}⏎{line}⏎{line}⏎{line}⏎{line}⏎{line}⏎{line}⏎{line}⏎{line}⏎{line}⏎{line}⏎{line}⏎{line}⏎{line}`,
  line: `{given}: {spoken} ¦ {given}: {spoken}{gap}{spoken}`,
}
