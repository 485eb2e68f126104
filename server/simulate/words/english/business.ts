import type { Rules } from '../grammar.ts'

/** What the business side writes about. */
export const business: Rules = {
  'thing/sales': `
    the offer for {company} ¦ the renewal with {company} ¦ the call with {company} ¦ the pipeline for {quarter} ¦ the account plan for {company}
    the tender from {company} ¦ the discount for {company} ¦ the demo for {company} on {weekday} ¦ the handover of {company} ¦ the price list for {region}
    the win-loss review of {quarter} ¦ the follow-up with {given} at {company} ¦ the territory plan for {region}`,
  'point/sales': `
    the budget ¦ the decision maker ¦ the renewal date ¦ the discount of {4..22} percent ¦ the competitor's offer ¦ the payment schedule ¦ the pilot
    the number of seats ¦ the objection about price ¦ the next step ¦ the reference customer ¦ the contract length`,
  'sentence/sales': `
    {^@point} is what {given} will ask about first.
    The deal is worth {12..480} thousand a year and has been in the same stage for {3..11} weeks.
    {company} compares us with two others, and price is not the only reason.
    A pilot with {10..60} users in {region} would answer their main objection.
    I would offer a longer term before offering a lower price.
    Nobody has mentioned {@point} since {month}.
    Confirm {@point} in writing before the quote goes out.`,
  'thing/marketing': `
    the campaign for {feature} ¦ the newsletter of {month} ¦ the blog post on {feature} ¦ the webinar with {company} ¦ the case study about {company}
    the press release on {feature} ¦ the ad copy for {region} ¦ the social plan for {month} ¦ the landing page copy for {feature} ¦ the brand guide
    the event in {city} ¦ the video script for {feature} ¦ the keyword list for {region}`,
  'point/marketing': `
    the headline ¦ the call to action ¦ the target group ¦ the open rate ¦ the cost per lead ¦ the tone of voice ¦ the landing page ¦ the subject line
    the budget split ¦ the proof point ¦ the hashtag ¦ the channel mix`,
  'sentence/marketing': `
    {^@point} should say what changes for the reader, not what we built.
    The last mailing reached {18..46} percent opens and {2..9} percent clicks.
    Short sentences and one message work better for {region} than a list of features.
    The quote from {company} is the strongest proof we have.
    I would test two subject lines on {5..20} percent of the list.
    {^@point} appears too late; most readers leave before it.
    Spend falls from week {3..8} on, while the cost per lead stays the same.`,
  'thing/customer support': `
    the complaint from {company} ¦ the ticket about {feature} ¦ the reply to {given} at {company} ¦ the help article on {feature} ¦ the refund for {company}
    the escalation from {region} ¦ the macro for late deliveries ¦ the chat with {given} ¦ the outage notice of {month} {2..27} ¦ the review left by {given}
    the return of order {10400..98000} ¦ the satisfaction survey of {month}`,
  'point/customer support': `
    the first reply ¦ the apology ¦ the workaround ¦ the order number ¦ the refund ¦ the delivery date ¦ the root cause ¦ the escalation path
    the tone ¦ the reopening rate ¦ the waiting time of {2..48} hours ¦ the known issue`,
  'sentence/customer support': `
    {^@point} belongs in the first two sentences.
    The customer has written {2..5} times and still waits for {@point}.
    We can offer a refund of {10..90} percent or a replacement within {2..9} days.
    {12..64} tickets this week are about {feature}, most of them from {region}.
    Say what happened, what we do now and when they hear from us again.
    The workaround helps until the fix arrives in {month}.
    Do not promise {@point} before the team has confirmed it.`,
  'thing/finance': `
    the forecast for {quarter} ¦ the budget of the {team} team ¦ the invoice from {company} ¦ the month-end close of {month} ¦ the cash flow plan for {quarter}
    the expense report of {month} ¦ the variance against plan in {region} ¦ the audit questions on {month} ¦ the cost center of {city} ¦ the board report for {quarter}
    the price increase of {company} ¦ the margin by product in {region}`,
  'point/finance': `
    the accrual ¦ the gross margin ¦ the exchange rate ¦ the payment delay ¦ the variance of {2..19} percent ¦ the one-off cost ¦ the tax rate
    the open item list ¦ the depreciation ¦ the purchase order ¦ the cost of travel ¦ working capital`,
  'sentence/finance': `
    {^@point} explains about {30..80} percent of the difference.
    Revenue in {region} is {2..14} percent above plan, and the margin is {1..6} points below.
    The invoice was booked in {month} although the service was delivered a month earlier.
    Without the one-off cost the result would be {20..900} thousand better.
    {^@point} should be shown separately, otherwise the trend looks better than it is.
    Payments arrive {4..21} days later than in {quarter}.
    The forecast assumes an unchanged exchange rate.`,
  'thing/HR': `
    the job posting for a {role} ¦ the onboarding plan for the {role} ¦ the feedback talk with {given} ¦ the remote work policy ¦ the survey of the {team} team
    the interview questions for a {role} ¦ the reference letter for {given} ¦ the training plan for {quarter} ¦ the parental leave guide ¦ the team day in {city}
    the salary bands for {region} ¦ the exit interview with {given}`,
  'point/HR': `
    the probation period ¦ the notice period ¦ vacation ¦ the mentor ¦ the first week ¦ the working time model ¦ the interview panel ¦ the learning budget
    fair pay ¦ the growth path ¦ the home office rule ¦ the workload`,
  'sentence/HR': `
    {^@point} should be clear before the first day.
    {40..90} percent of the {team} team answered, and workload was named most often.
    A structured interview with the same questions for everyone is fairer and predicts more.
    The posting asks for {6..12} requirements; {3..5} would bring more applications.
    Start with what went well, then one thing to change, with an example.
    {given} should hear about {@point} from the manager, not from a mail.
    The policy allows {2..4} days a week from home after {3..6} months.`,
  'thing/legal': `
    the supplier contract with {company} ¦ the data processing agreement with {company} ¦ the non-disclosure agreement with {company} ¦ the terms of use for {feature}
    the lease in {city} ¦ the privacy notice for {feature} ¦ the claim from {company} ¦ the license terms of {tool} ¦ the works agreement on {tool} ¦ the trademark in {region}
    the termination of the contract with {company} ¦ the retention rule for {team} records`,
  'point/legal': `
    the liability cap ¦ the notice period of {2..6} months ¦ governing law ¦ the indemnity ¦ the audit right ¦ the subprocessor list ¦ the confidentiality clause
    the renewal clause ¦ the penalty ¦ the definition of personal data ¦ the place of jurisdiction ¦ the warranty`,
  'sentence/legal': `
    {^@point} in section {2..19} favors the other side and should be mutual.
    The contract renews by {12..36} months unless notice is given {30..90} days before.
    Clause {2..14}.{1..6} limits liability to the fees of {6..24} months, with no exception for data loss.
    The term is used in section {3..18} but defined nowhere.
    This is a first reading and does not replace advice from counsel.
    {company} may change {@point} without our consent, which I would strike.
    Personal data leaves the {region} region only under clause {4..16}.`,
  'thing/operations': `
    the delivery from {company} ¦ the stock count in {city} ¦ the shift plan for {month} ¦ the supplier review of {company} ¦ the warehouse in {city}
    the maintenance plan for line {1..9} ¦ the process for returns ¦ the capacity plan for {quarter} ¦ the quality report of {month} ¦ the move to {city}
    the travel rules for {region} ¦ the minutes of the {weekday} meeting`,
  'point/operations': `
    lead time ¦ the safety stock ¦ the bottleneck at station {2..9} ¦ the scrap rate ¦ the second shift ¦ the carrier ¦ the handover ¦ the spare part
    the customs form ¦ on-time delivery ¦ the loading bay ¦ the checklist`,
  'sentence/operations': `
    {^@point} costs about {2..14} hours a week.
    On-time delivery fell from {92..98} to {80..91} percent within {3..9} weeks.
    Two of {5..9} steps can be done at the same time.
    The supplier needs {2..11} weeks, so the order has to leave before {month}.
    With {40..400} more units of safety stock, {city} would not have run out.
    {^@point} has no owner today; name one before {weekday}.
    Station {2..9} waits {10..55} minutes per shift for material.`,
  'thing/general': `
    the agenda for {weekday} ¦ the trip to {city} ¦ the farewell card for {given} ¦ the meeting with {given} ¦ the speech for the {month} party
    the list for the move ¦ the dinner with the {team} team ¦ the weekly update ¦ the book club in {month} ¦ the weekend in {city} ¦ the quiz for the team evening
    the note to {given} ¦ the plan for the week`,
  'point/general': `
    the date ¦ the place ¦ the guest list ¦ the budget ¦ the travel time ¦ the first impression ¦ a short version ¦ the opening line ¦ the weather
    the reservation ¦ a small gift ¦ the open question`,
  'sentence/general': `
    {^@point} is the one thing to settle today.
    The train takes {2..6} hours and leaves every {30..90} minutes.
    Keep it to {3..6} sentences and end with a question.
    {given} would probably like something personal more than something expensive.
    A table for {4..14} is easier to get on a {weekday}.
    I would leave {@point} for the end.
    If it rains, {city} has enough to see indoors for a day.`,
}
