import type { ReconciledMetric, ReconciliationStep, reconciledUnits, StepSign } from './analytics.ts'

/**
 * How each number follows from the record, as data: the steps in their order, what each does to the sum and what it means. Of the steps that
 * take away, the first that fits takes a message, conversation or person.
 */
export interface StepMeaning {
  readonly step: ReconciliationStep
  readonly sign: StepSign
  readonly name: string
  readonly sentence: string
}

export interface Reconciliation {
  readonly unit: (typeof reconciledUnits)[number]
  readonly steps: readonly StepMeaning[]
}

const step =
  (sign: StepSign) =>
  (step: ReconciliationStep, name: string, sentence: string): StepMeaning => ({ step, sign, name, sentence })
const [start, minus, plus, end] = [step('start'), step('minus'), step('plus'), step('end')]

const returned = start(
  'returned',
  'Returned by the API',
  'All messages of the conversations that the compliance API returns for the range: those last updated since its start.',
)
const outside = minus(
  'outside_range',
  'Outside the range',
  'Written before or after the range; their conversation came back because something in it changed since.',
)
const noTime = minus('no_time', 'Without a time', 'Their source gives them no time: they cannot belong to any day.')
const system = minus('system', 'From the system', 'Written by the system.')
const assistant = minus('assistant', 'From the assistant', 'Answers of a model.')
const counted = end('counted', 'Counted here', 'What the dashboard shows.')
const deleted = (what: string) =>
  plus(
    'deleted_since',
    'Deleted or purged since',
    `${what} counted, though the API does not return them (any more): purged since, or dated after they arrived.`,
  )
const deletedMessages = deleted('Messages')

/** What every number of messages that people sent begins with. */
const sentMessages = [
  ...[returned, outside, noTime, system, minus('tool', 'From tools', 'Results of tools.'), assistant],
  minus('hidden_or_injected', 'Hidden or injected', 'Messages of people that nobody saw: hidden, or written by the system in their name.'),
]

const further = (one: string, unit: string) =>
  plus('further_uses', `Further ${unit} in one message`, `Where one message ${one} more than once, each further time.`)

export const reconciliations: Readonly<Record<ReconciledMetric, Reconciliation>> = {
  messages: {
    unit: 'messages',
    steps: [...sentMessages, deletedMessages, end('counted', 'Counted here', 'The messages that the dashboard shows.')],
  },
  gpt_messages: {
    unit: 'messages',
    steps: [
      ...[...sentMessages, minus('no_gpt', 'Outside any GPT', 'Sent outside any custom GPT: messages, but no GPT messages.')],
      ...[deletedMessages, counted],
    ],
  },
  project_messages: {
    unit: 'messages',
    steps: [
      ...[...sentMessages, minus('no_project', 'Outside any project', 'Sent outside any project: messages, but no project messages.')],
      ...[deletedMessages, counted],
    ],
  },
  tool_messages: {
    unit: 'messages',
    steps: [
      ...[returned, outside, noTime, system],
      minus('person', 'From people', 'Written by people, or in their name: never the response of a tool.'),
      minus('assistant', 'From the assistant', 'Answers of a model; the results of tools inside them are added next.'),
      plus(
        'inside_answers',
        'Inside answers',
        'Results of tools, or else calls, that stand inside an answer and that no message of a tool stands for, each of them.',
      ),
      ...[deleted('Responses of tools'), counted],
    ],
  },
  conversations: {
    unit: 'conversations',
    steps: [
      start(
        'returned',
        'Returned by the API',
        'The conversations that the compliance API returns for the range, those last updated since its start; under a filter, those with a message that fits.',
      ),
      minus('no_message', 'Without a message', 'No message of them is returned: none has arrived, or all are purged.'),
      minus(
        'outside_range',
        'Outside the range',
        'None of their messages has a time within the range; they came back because something in them changed since.',
      ),
      minus(
        'not_counted',
        'Without a counted message',
        'Within the range they hold messages, but none that counts: none that a person sent and saw.',
      ),
      ...[deleted('Conversations'), counted],
    ],
  },
  active_people: {
    unit: 'people',
    steps: [
      start(
        'returned',
        'Listed by the API',
        'The people that the users list of the compliance API has; under a filter on people, those who fit.',
      ),
      minus(
        'silent',
        'Sent nothing',
        'No message of theirs within the range, or none that fits the filters: having a seat or signing in is no activity.',
      ),
      minus(
        'not_counted',
        'Sent nothing that counts',
        'Their messages within the range were hidden, or written by the system in their name.',
      ),
      plus(
        'not_listed',
        'Active and not listed',
        'Sent messages, though the list does not have them: only invited, or known by nothing but what they wrote.',
      ),
      counted,
    ],
  },
  skill_uses: {
    unit: 'messages',
    steps: [
      ...[returned, outside, noTime, minus('no_skill', 'Without a skill', 'Messages of any role that activate no skill.')],
      ...[further('activates skills', 'skills'), deleted('Uses'), counted],
    ],
  },
  connector_calls: {
    unit: 'messages',
    steps: [
      ...[returned, outside, noTime, minus('no_connector', 'Without a connector', 'Messages of any role that call no connector.')],
      ...[further('calls connectors', 'calls'), deleted('Calls'), counted],
    ],
  },
}
