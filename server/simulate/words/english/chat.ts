import type { Rules } from '../grammar.ts'

/** How people ask and how they are answered: `do`, `paste`, `title`, `intro` and `body` by task. */
export const chat: Rules = {
  request: `
    3* {^#do}.
    Please {#do}. ¦ Can you {#do}? ¦ Would you {#do}? ¦ {^#do} before {weekday}, please. ¦ It would help a lot if you could {#do}. ¦ Next: {#do}.
    Hi! Could you {#do}? ¦ {^#do}, thanks. ¦ I would like you to {#do}. ¦ Your task: {#do}.`,
  quick: `{#do} ¦ could you {#do} ¦ pls {#do} ¦ {#do} please ¦ {^#do} asap`,
  situation: `
    I work in the {team} team and look after {thing}. ¦ My manager asked about {thing} this morning. ¦ We have a meeting with {company} on {weekday}.
    {given} is on vacation and left me {thing}. ¦ I am new here and know little about {@point}. ¦ For context: {say}
    Last week {given} said that {@point} is the problem. ¦ This is for {audience}. ¦ We tried this in {month} and it went wrong because of {@point}.
    Act as an experienced colleague from the {team} team. ¦ There are {3..40} people involved, mostly in {region}.`,
  constraint: `
    Keep it under {60..400} words. ¦ Use plain language. ¦ Make it suitable for {audience}. ¦ Mention {@point}. ¦ Leave {@point} out. ¦ The tone should be {tone}.
    Answer as a list with at most {3..9} points. ¦ Put the result in a table. ¦ Do not invent numbers. ¦ Give me {2..4} versions. ¦ Ask me if something is unclear.
    Explain why. ¦ It has to be ready by {weekday}. ¦ British spelling please. ¦ Start with {@point}. ¦ No headings. ¦ Say what you are unsure about.
    Pay attention to {@point} and {@point}. ¦ Compare it with {quarter}. ¦ Name the source where you can.`,
  audience: `
    the board ¦ new colleagues ¦ the {team} team ¦ a customer in {region} ¦ {given} from {company} ¦ people without background ¦ the works council ¦ our managing director
    an external auditor ¦ a {role} ¦ readers in {city}`,
  tone: `friendly ¦ formal ¦ calm ¦ confident ¦ matter-of-fact ¦ warm but brief ¦ apologetic ¦ diplomatic ¦ enthusiastic`,

  'do/writing and editing': `
    write {kind} about {thing} ¦ draft {kind} to {given} about {thing} ¦ rewrite {kind} about {thing} so that it sounds {tone} ¦ shorten the text on {thing}
    proofread my draft about {thing} ¦ find a better opening for {kind} about {thing} ¦ write {2..5} subject lines for a mail about {thing}
    turn my notes on {thing} into {kind} ¦ reply to {given}, who asks about {@point} in {thing} ¦ make the paragraph about {@point} clearer`,
  kind: `an email ¦ a short note ¦ a one-page memo ¦ an announcement ¦ a post for the intranet ¦ a letter ¦ an introduction ¦ a polite reminder ¦ a closing paragraph`,
  'do/summarising': `
    summarize {thing} in {3..8} bullet points ¦ summarize the minutes about {thing} for {audience} ¦ give me the short version of {thing}
    list the decisions and open points on {thing} ¦ condense the thread about {thing} to {4..9} sentences ¦ sum up what {company} says about {@point}
    extract the key messages from the report on {thing} ¦ write an executive summary of {thing} ¦ give me the gist of the {2..30} comments on {thing}`,
  'do/translation': `
    translate the text about {thing} into {tongue} ¦ translate this mail to {given} into {tongue} ¦ say "{@point}" in {tongue} the way a native speaker would
    check my {tongue} translation of {thing} ¦ translate the heading and the first paragraph of {thing} into {tongue} and keep the formatting
    localize the text on {thing} for {region} ¦ translate {2..12} phrases about {@point} into {tongue} and {tongue}`,
  tongue: `German ¦ French ¦ Spanish ¦ Norwegian ¦ Japanese ¦ Italian ¦ Dutch ¦ Polish ¦ Portuguese ¦ English`,
  'do/coding and debugging': `
    write a {codeLanguage} function that {codeTask} ¦ fix the error "{codeError}" in {thing} ¦ explain why {thing} throws "{codeError}"
    refactor the {codeLanguage} code of {thing} so that {@point} can be tested ¦ write unit tests for the {codeLanguage} function that {codeTask}
    review the pull request that {codeTask} ¦ write a SQL query that counts {column} per {codePeriod} for {thing} ¦ speed up the query on {column} in {thing}
    convert this {codeLanguage} script to {codeLanguage} ¦ write a regular expression for {column} ¦ add logging to the {codeLanguage} code that {codeTask}
    debug the {codeLanguage} script for {thing}, it stops after {2..90} rows ¦ set up a pipeline that builds {service} and runs its tests`,
  codeTask: `
    groups rows by {column} ¦ retries a request up to {2..9} times ¦ parses a CSV file with {column} and {column} ¦ removes duplicates by {column}
    validates {column} ¦ reads {2..50} pages from the {service} API ¦ merges two lists on {column} ¦ sends a message to {service} for every new {column}
    calculates a moving average over {3..30} days ¦ caches {column} for {5..60} minutes ¦ converts {column} to UTC ¦ writes {column} to a spreadsheet`,
  codePeriod: `day ¦ week ¦ month ¦ customer ¦ region ¦ hour`,
  'do/data analysis': `
    analyze the figures on {thing} and name the {2..5} main trends ¦ find outliers in the data on {thing} ¦ explain the change in {@point} between {month} and {month}
    build a formula that shows {@point} per {codePeriod} ¦ calculate the average and the median of {@point} in {thing} ¦ make a pivot table of {@point} by {codePeriod}
    forecast {@point} for {quarter} from the last {6..36} months ¦ check whether {@point} and {@point} are correlated ¦ choose a chart for the figures on {thing}
    compare {@point} in {region} and {region} ¦ clean the export on {thing} and tell me what you changed`,
  'do/research and information seeking': `
    find out how other companies handle {@point} ¦ explain what the rules in {region} say about {@point} ¦ collect background on {company} before the talk about {thing}
    tell me what is known about {@point} ¦ list the {3..9} most important providers for {thing} ¦ check which requirements apply to {thing} in {region}
    research typical figures for {@point} in {region} ¦ find out what changed about {@point} since {month} ¦ tell me who decides about {@point} in a company like {company}`,
  'do/learning and tutoring': `
    explain {@point} to me like I am new to it ¦ teach me the basics of {thing} in {3..9} steps ¦ quiz me on {@point} with {3..12} questions
    give me an exercise about {@point} with a solution ¦ explain the difference between {@point} and {@point} ¦ walk me through an example of {@point}
    help me understand what {@point} has to do with {thing} ¦ make flash cards about {@point} ¦ prepare me for a test on {@point}`,
  'do/planning and ideation': `
    make a plan for {thing} with milestones until {month} ¦ brainstorm {5..20} ideas for {thing} ¦ prepare an agenda of {20..90} minutes about {thing}
    break {thing} down into tasks for {2..7} people ¦ suggest names for {thing} ¦ outline a workshop on {@point} ¦ plan the first {30..100} days for {thing}
    think of risks we may have overlooked in {thing} ¦ find three ways to improve {@point} ¦ sketch a timeline for {thing}`,
  'do/decision support': `
    decide whether we should change {@point} in {thing} ¦ weigh the pros and cons of {@point} for {thing} ¦ compare two options for {thing} by cost and risk
    recommend whether to accept {@point} from {company} ¦ prioritize {@point}, {@point} and {@point} ¦ choose between {company} and {company} for {thing}
    tell me what you would do about {@point} if {thing} slips by {2..9} weeks ¦ challenge my decision to drop {@point}`,
  'do/extraction and formatting': `
    extract all names, dates and amounts from {thing} into a table ¦ turn the list on {thing} into JSON ¦ format {thing} as a table with {3..6} columns
    pull {@point} and {@point} out of {thing} ¦ sort these {5..40} entries about {thing} by date ¦ convert the notes on {thing} to Markdown
    label each of the {5..60} comments on {thing} as positive, neutral or negative ¦ make a CSV from the mail about {thing} ¦ fill our template with the facts from {thing}`,
  'do/image and media creation': `
    create an image for {thing} in a {look} style ¦ draw an icon for {@point} ¦ make a {look} illustration of {scene} ¦ generate a banner for {thing} with {scene}
    write an image prompt for {thing}, {look}, with {scene} ¦ design a logo idea for {thing} ¦ make a storyboard of {3..8} frames about {thing}
    create a picture of {scene}, {look}, wide format`,
  look: `flat ¦ watercolor ¦ minimalist ¦ photo-like ¦ hand-drawn ¦ isometric ¦ retro ¦ two-color ¦ playful`,
  scene: `
    a team around a table in {city} ¦ a lighthouse above the clouds ¦ {2..7} paper boats on a river ¦ a bridge at sunrise ¦ a desk with a plant and a lamp
    a mountain path with {2..5} hikers ¦ an open book that turns into a city ¦ a robot watering flowers ¦ a train through {city} in {month}`,
  'do/self-expression and small talk': `
    tell me a joke about {@point} ¦ write a limerick about {thing} ¦ cheer me up, {thing} took all of {weekday} ¦ tell me something nice before the meeting with {given}
    write a poem of {4..12} lines for {given} about {@point} ¦ guess what I had for lunch in {city} ¦ chat with me about {city} for a minute
    find a fun fact about {month} for the {team} team ¦ tell me honestly whether anyone cares about {@point}`,
  'do/other': `
    pretend you are {thing} and complain ¦ continue where we stopped with {thing} ¦ test whether you can see the file about {thing} ¦ tell me what you can do with {thing}
    repeat the last answer about {@point} ¦ start over with {thing} ¦ remember that {@point} is important to me ¦ say which model you are before we do {thing}`,

  'follow up': `
    Make it shorter. ¦ Thanks! ¦ And in a table? ¦ Can you add {@point}? ¦ That is not what I meant, I asked about {@point}. ¦ Now for {audience}, please. ¦ Why {@point}?
    Good, but the tone should be {tone}. ¦ What about {@point}? ¦ Give me another version. ¦ ok and what if {@point} changes ¦ Please check {@point} again. ¦ more detail on {@point}
    Perfect. Now {#do}. ¦ Can you {#do} as well? ¦ Use {2..9} points at most. ¦ And for {region}? ¦ Where does the number for {@point} come from? ¦ Continue.
    {given} asks whether {@point} is included. ¦ I changed something: {say} What follows from that? ¦ {@constraint} ¦ {@constraint} {@constraint}`,

  'heading/writing and editing': `{^kindShort} about {thing} ¦ Draft: {thing} ¦ Wording of {@point} ¦ Rewrite of {thing} ¦ Reply to {given} on {@point}`,
  kindShort: `email ¦ note ¦ memo ¦ letter ¦ announcement`,
  'heading/summarising': `Summary of {thing} ¦ Key points of {thing} ¦ {thing}: short version ¦ Open points on {@point}`,
  'heading/translation': `{tongue} translation of {thing} ¦ {^@point} in {tongue} ¦ Translation for {given}`,
  'heading/coding and debugging': `{codeLanguage}: {codeTask} ¦ Error in {thing} ¦ Query on {column} ¦ Tests for {service} ¦ {^@point} in {service}`,
  'heading/data analysis': `Figures on {thing} ¦ {^@point} by {codePeriod} ¦ Trend of {@point} in {region} ¦ Outliers in {thing}`,
  'heading/research and information seeking': `Background on {@point} ¦ {^@point} in {region} ¦ What is known about {@point} ¦ Research for {thing}`,
  'heading/learning and tutoring': `{^@point} explained ¦ Basics of {@point} ¦ Quiz on {@point} ¦ {^@point} against {@point}`,
  'heading/planning and ideation': `Plan for {thing} ¦ Ideas for {thing} ¦ Agenda: {@point} ¦ Timeline of {thing}`,
  'heading/decision support': `{^@point}: yes or no ¦ Options for {thing} ¦ Choice of {@point} ¦ Pros and cons of {@point}`,
  'heading/extraction and formatting': `Table from {thing} ¦ Data on {@point} as JSON ¦ List of {@point} ¦ {thing} formatted`,
  'heading/image and media creation': `Image for {thing} ¦ Icon: {@point} ¦ {^look} picture of {scene} ¦ Logo ideas for {thing}`,
  'heading/self-expression and small talk': `Small talk about {@point} ¦ A poem for {given} ¦ {^weekday} mood ¦ A joke about {@point}`,
  'heading/other': `New chat ¦ Question on {thing} ¦ {^@point} again ¦ Test`,
}
