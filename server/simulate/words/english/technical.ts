import type { Rules } from '../grammar.ts'

/** What technical people write about: things, the points made about them, sentences that say something. */
export const technical: Rules = {
  'thing/engineering': `
    the {service} service ¦ the {service} API ¦ the nightly {service} job ¦ the migration of the {service} database ¦ the {service} build pipeline
    the flaky {service} integration test ¦ the {service} data model ¦ the retry logic in {service} ¦ the {service} cache ¦ the {service} release of {month}
    the pull request for {service} ¦ the incident of {month} {2..27} in {service} ¦ the {service} event queue ¦ the {service} module for {company}`,
  'point/engineering': `
    the connection pool ¦ the retry budget ¦ the time-out of {2..30} seconds ¦ the idempotency key ¦ the missing index on {column} ¦ the schema change
    the feature flag ¦ the rollback path ¦ the error rate ¦ the p95 latency ¦ the dependency on {service} ¦ test coverage ¦ the {column} column ¦ the dead-letter queue`,
  'sentence/engineering': `
    {^@point} is the part most likely to break under load.
    The worker holds its lock for {2..40} seconds, which is longer than the request time-out.
    Because {column} is not unique, two requests at the same moment both pass the check.
    Splitting the deploy in two steps keeps the old version running while the schema changes.
    A query on {column} scans {2..90} million rows today; with an index it reads a few hundred.
    The test fails about once in {10..60} runs because it depends on the order of the rows.
    {^service} retries without a limit, so a short outage downstream turns into a long one.
    I would log the request id and {column} here, but never the payload.
    The cache is filled after the commit, so a reader may see the old value for {1..9} seconds.`,
  'thing/IT': `
    the laptop rollout in {region} ¦ the VPN access for {company} ¦ the device policy ¦ the single sign-on setup for {tool} ¦ the {tool} licenses
    the service desk backlog ¦ the printer fleet in {city} ¦ the backup schedule for {tool} ¦ the mailbox migration ¦ the patch window of {month}
    the onboarding checklist for accounts ¦ the phishing report of {month} {2..27} ¦ the network outage in {city} ¦ the {tool} permissions`,
  'point/IT': `
    multi-factor sign-in ¦ the shared account ¦ the conditional access rule ¦ the group membership ¦ license cost ¦ the firmware version ¦ the DNS record
    the recovery test ¦ device encryption ¦ the admin role ¦ remote wipe ¦ the certificate that expires in {month} ¦ ticket volume`,
  'sentence/IT': `
    {^@point} should be settled before the first {20..200} devices go out.
    Most tickets of this kind close within {2..8} hours once the group membership is right.
    The certificate expires in {month}, so the change has to be made in the window before.
    People without a managed device get read access only.
    The restore test took {12..95} minutes, against {10..60} in the plan.
    A user who signs in from two countries within an hour is asked for a second factor.
    {tool} charges per seat, and {8..40} seats have not been used for {30..90} days.
    The policy applies to company phones; private phones keep the browser only.`,
  'thing/product': `
    the {feature} feature ¦ the roadmap for {quarter} ¦ the beta of {feature} ¦ the user interviews about {feature} ¦ the backlog of the {team} team
    the pricing page experiment ¦ the launch of {feature} in {region} ¦ the onboarding funnel ¦ the feature request from {company} ¦ the {feature} specification
    the release notes for {month} ¦ the survey about {feature} ¦ the discovery work on {feature}`,
  'point/product': `
    activation in week {1..4} ¦ the drop at step {2..5} ¦ the opt-in rate ¦ migration of existing customers ¦ the empty state ¦ the success metric
    the effort of {2..9} weeks ¦ accessibility ¦ the dependency on the {team} team ¦ what we leave out ¦ the risk of confusion ¦ the support load`,
  'sentence/product': `
    {^@point} decides whether the launch in {month} is realistic.
    {3..11} of {12..20} people we spoke with did not find {feature} without a hint.
    Users who try {feature} in their first week come back {2..4} times as often.
    The smallest useful version leaves {@point} for later.
    I would measure {@point} and stop if it has not moved after {2..8} weeks.
    The request from {company} is real, but only {2..9} accounts have the same problem.
    Without {@point} the feature would raise more questions than it answers.`,
  'thing/design': `
    the {feature} screen ¦ the icon set for {feature} ¦ the color palette of the brand ¦ the slide template ¦ the landing page for {feature}
    the empty state of {feature} ¦ the booth for the fair in {city} ¦ the illustration style ¦ the accessibility review of {feature} ¦ the design system
    the poster for the {month} event ¦ the checkout flow ¦ the photo series for {company}`,
  'point/design': `
    contrast ¦ the grid ¦ white space ¦ the type scale ¦ the primary button ¦ the focus state ¦ the error message ¦ the mobile layout ¦ the dark theme
    the hierarchy of the headings ¦ the number of colors ¦ the icon weight ¦ the reading order`,
  'sentence/design': `
    {^@point} carries the page, so everything else can be quieter.
    The label has a contrast of {2..4}.{1..9} to 1, and 4.5 to 1 is the minimum for text.
    On a phone the {feature} button sits below the fold for most people.
    Two accents are enough; a third one competes with {@point}.
    I would keep {@point} and drop the background pattern.
    People look at {@point} first and read the headline second.
    The illustration works best flat, with {2..4} colors and no gradients.`,
  'thing/research and education': `
    the literature on {field} ¦ the course on {field} ¦ the study of {field} in {region} ¦ the workshop about {field} ¦ the reading list for {field}
    the paper on {field} from {university} ¦ the survey of {120..980} participants ¦ the grant proposal on {field} ¦ the exam questions on {field}
    the interview guide for the {field} study ¦ the lecture on {field} ¦ the poster about {field}`,
  'point/research and education': `
    the sample size ¦ the control group ¦ selection bias ¦ the effect size ¦ the method section ¦ the research question ¦ the learning goal
    the definition of {field} ¦ the replication ¦ the confidence interval ¦ the worked example ¦ the open question`,
  'sentence/research and education': `
    {^@point} is where the studies disagree most.
    The sample of {40..400} people is large enough for the main effect and too small for subgroups.
    Earlier work on {field} measured something slightly different, so the numbers cannot be compared directly.
    A learner who can explain {@point} in their own words usually solves the exercise as well.
    The effect is small, about {2..9} percent, but it appears in {3..8} of {9..12} studies.
    The authors report {@point} but not the raw data.
    A good first exercise takes {10..40} minutes and needs no equipment.`,
  'thing/health': `
    the leaflet on {condition} ¦ the study on {condition} ¦ the ergonomics training in {city} ¦ the workplace program against {condition} ¦ the safety data sheet
    the guideline on {condition} ¦ the sick leave figures of {quarter} ¦ the first aid plan for {city} ¦ the talk about {condition} ¦ the clinic schedule for {month}
    the vaccination day in {month} ¦ the break policy for shift workers`,
  'point/health': `
    the dose ¦ early detection ¦ sleep ¦ the evidence ¦ the risk group ¦ the screen break ¦ prevention ¦ the side effect profile ¦ movement ¦ the reference range
    the follow-up after {2..12} weeks ¦ the doctor's advice`,
  'sentence/health': `
    {^@point} should come before any single product on the market.
    The evidence for {condition} is moderate: {3..9} trials with {90..900} people in all.
    This is general information; a doctor should look at the individual case.
    Most people notice an improvement after {2..8} weeks.
    A break of {3..10} minutes every hour reduces complaints about {condition}.
    The guideline recommends {@point} first and medication second.
    Warning signs that need a doctor the same day should be named at the top.`,
}
