import type { Rules } from '../grammar.ts'

/** Names of months, teams and the like, and the texts beside the chats. */
export const office: Rules = {
  month: `January ¦ February ¦ March ¦ April ¦ May ¦ June ¦ July ¦ August ¦ September ¦ October ¦ November ¦ December`,
  weekday: `Monday ¦ Tuesday ¦ Wednesday ¦ Thursday ¦ Friday`,
  quarter: `Q{1..4} ¦ the {half} half ¦ Q{1..4} of last year`,
  half: `first ¦ second`,
  region: `Germany ¦ France ¦ the Nordics ¦ Spain ¦ Japan ¦ the UK ¦ Benelux ¦ Canada ¦ Austria ¦ Italy ¦ Poland ¦ Brazil`,
  team: `platform ¦ sales ¦ finance ¦ support ¦ legal ¦ marketing ¦ people ¦ operations ¦ design ¦ data ¦ purchasing ¦ quality`,
  feature: `bulk export ¦ guest access ¦ saved filters ¦ dark mode ¦ two-step checkout ¦ shared folders ¦ price alerts ¦ offline mode ¦ calendar sync ¦ smart search ¦ voice notes ¦ team billing`,
  role: `data engineer ¦ account manager ¦ buyer ¦ team lead ¦ controller ¦ support agent ¦ product designer ¦ lab technician ¦ trainee ¦ compliance officer ¦ shift supervisor`,
  field: `battery recycling ¦ adult learning ¦ urban heat ¦ protein folding ¦ remote teamwork ¦ water treatment ¦ speech therapy ¦ crop rotation ¦ consumer trust ¦ bilingual schooling`,
  university: `a university in {region} ¦ an institute in {city} ¦ a group in {city}`,
  condition: `back pain ¦ eye strain ¦ migraine ¦ hay fever ¦ sleep problems ¦ stress ¦ high blood pressure ¦ tendonitis ¦ type 2 diabetes`,

  program: `the script for {@thing} ¦ the macro for {@thing} ¦ the spreadsheet on {@thing} ¦ the small tool for {@thing}`,
  'program/engineering': `{@thing}`,
  memory: `
    Prefers answers in {tone} language. ¦ Works in the {team} team as a {role}. ¦ Is responsible for {thing}. ¦ Likes tables more than long text. ¦ Reports to {given}.
    Wants code in {codeLanguage}. ¦ Is preparing {thing} until {month}. ¦ Writes for readers in {region}. ¦ Is based in {city}. ¦ Uses {tool} every day.
    Asked to keep answers under {80..300} words. ¦ Is learning about {@point}. ¦ Has a weekly meeting about {thing} on {weekday}. ¦ Cares most about {@point} in {thing}.`,
  spoken: `{say} ¦ Okay, so what about {@point}? ¦ I can take that until {weekday}. ¦ Right. ¦ Sorry, could you repeat that? ¦ We said in {month} that {@point} is settled. ¦ Let us park {@point} for now. ¦ {given}, can you send that around?`,
  gpt: `{^@point} helper ¦ {^team} writing coach ¦ Assistant for {thing} ¦ {^@point} checker ¦ {^tongue} translator for {team} ¦ {^team} onboarding buddy ¦ {tool} expert ¦ {^@point} explainer`,
  project: `{^thing} ¦ {company}: {@point} ¦ {^quarter} planning, {team} ¦ {^feature} launch ¦ {^team} knowledge base ¦ {city} office`,
  skill: `{^@point} review ¦ Weekly report, {team} ¦ {^tone} replies ¦ {tool} export cleanup ¦ Meeting notes to tasks ¦ {^tongue} glossary ¦ Brand voice check ¦ {^@point} checklist`,
}
