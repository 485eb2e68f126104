import type { Rules } from '../grammar.ts'

/** The words of answers. */
export const answers: Rules = {
  intro: `
    Here is a proposal for {thing}. ¦ Sure. This is how I would approach {thing}: ¦ Short answer: {say} ¦ Good question. {say}
    Based on what you describe, {@point} comes first. ¦ Here is what matters for {thing}. ¦ There are {2..4} things to look at, beginning with {@point}.`,
  'intro/coding and debugging': `
    The cause is most likely {@point}. ¦ Here is a version that {codeTask}: ¦ The message "{codeError}" usually means that {column} is missing.
    You can do this in a few lines. ¦ I would change two things: {@point} and {@point}. ¦ The code below {codeTask} and leaves the rest as it is.`,
  'intro/translation': `Here is the translation into {tongue}: ¦ In {tongue} I would put it like this: ¦ I kept the formatting and changed {2..5} idioms.`,
  'intro/self-expression and small talk': `Ha, gladly! ¦ With pleasure, {given} will like it. ¦ That sounds like a long {weekday}. ¦ Here you go:`,
  outro: `
    Shall I go deeper into {@point}? ¦ If you tell me more about {@point}, I can make this more precise. ¦ Please check {@point} before you send it.
    I am unsure about {@point}; the rest should hold. ¦ Would you like a version for {audience}? ¦ Next I would look at {@point}. ¦ Let me know if the tone should be more {tone}.`,
  'body/image and media creation': `*{^look} picture: {scene}, made for {thing}.*⏎⏎{short} ¦ {steps}⏎⏎{paragraph} ¦ **Prompt:** {scene}, {look}, {2..6} colors, for {thing}, no text⏎⏎{paragraph}`,
  head: `| What | When | Who | Figure | ¦ | Item | Month | Owner | Value |`,
  changed: `What changed: ¦ Why this works:`,
  brief: `In one sentence: ¦ In short:`,
  open: `Open points ¦ Still to settle`,
  pro: `For`,
  con: `Against`,
  view: `My view: ¦ Recommendation:`,
  gap: `·`,
  remark: `
    I would write down who decides about {@point}. ¦ {^@point} is easy to overlook in {thing}. ¦ Ask {given} what was agreed on {@point} in {month}.
    If time is short, do {@point} first and leave the rest for {weekday}. ¦ There is no need to settle {@point} today. ¦ {^@point} and {@point} depend on each other.
    The {team} team should see {thing} before anyone else does. ¦ A rough number is enough here: between {10..40} and {50..90} percent.
    Nothing in {thing} speaks against {@point}. ¦ This takes about {2..9} hours, half of it waiting. ¦ Put one person in charge of {@point}.
    The usual mistake is to start with {@point}. ¦ In {region} this is handled a little differently. ¦ Two weeks before {month} is a good moment to check {@point}.`,
  link: `At the same time, this is not the whole story. ¦ One thing to keep in mind: ¦ In practice it looks like this. ¦ That is why {@point} deserves attention. ¦ For {thing} this means two things.`,
  letter: `
    > Dear {given},⏎>⏎> {lead} {say}⏎>⏎> {say} {say}⏎>⏎> Kind regards⏎> {given}
    **Subject: {thing}**⏎⏎Hello {given},⏎⏎{lead} {say} {say}⏎⏎{say} Could you let me know by {weekday} whether {@point} works for you?⏎⏎Best wishes`,
  lead: `thank you for your message about {thing}. ¦ I am writing about {thing}. ¦ as promised, here is where we stand with {thing}. ¦ one question on {thing}:`,
  verse: `On {weekday} we opened {thing},⏎and hoped for what {month} would bring;⏎{given} found {@point},⏎the tea had gone cold,⏎and nobody noticed a thing. ¦ {^@point} went out for a walk in {city},⏎the weather was gray and the views rather pretty. ¦ Why did {@point} cross {city}? Because {given} had put it on the agenda.`,

  mail: `From: {given}⏎Subject: {thing}⏎⏎Hi {given},⏎{say} {say} {say}⏎Can we talk about {@point} on {weekday}?⏎{given}`,

  thinking: `The person wants help with {thing}. {^@point} seems to matter most. {plan} ¦ This is about {@point} in {thing}. {say} {plan} ¦ I should be careful with {@point}: {say} {plan}`,
  plan: `I will start with {@point} and keep it brief. ¦ A table may be clearer than text here. ¦ I should say what I am unsure about. ¦ Let me check {@point} first, then {@point}.`,
}
