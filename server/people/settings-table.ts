import { privacyModes, viewerDetails } from '../../contract/workspaces.ts'
import { firstOwnerEmail } from './members.ts'

/** What a page says about a setting besides its value. */
export interface Described {
  readonly label: string
  readonly meaning: string
  /** The values there are; absent: free text or a number. */
  readonly values?: readonly string[]
  readonly default: string | number | boolean | null
  /** Why it is not changed with the other settings; absent: it is. */
  readonly fixed?: string
}

const onOff = ['on', 'off']
const switched = 'the primary owner switches it with PUT /api/settings/apis'

export const organizationSettings: Record<string, Described> = {
  name: { label: 'Name', meaning: 'What the organization is called on pages and in exports.', default: 'Organization' },
  owner_email: {
    label: "Primary owner's e-mail",
    meaning: 'Where the primary owner is reached and how they are found when they sign in; only they change it.',
    default: firstOwnerEmail,
  },
  region: {
    label: 'Region',
    meaning: 'Label of where this installation keeps its data.',
    default: null,
    fixed: 'whoever runs the server sets DAYBOOK_REGION',
  },
  compliance_api: {
    label: 'Compliance API',
    meaning: 'Whether keys may read the record, the directory and the activity feed, or delete.',
    values: onOff,
    default: 'on',
    fixed: switched,
  },
  analytics_api: {
    label: 'Analytics API',
    meaning: 'Whether keys may read counts. Pages of people who are signed in are not affected.',
    values: onOff,
    default: 'on',
    fixed: switched,
  },
}

export const workspaceSettings: Record<string, Described> = {
  name: { label: 'Name', meaning: 'What the workspace is called on pages and in exports.', default: null },
  seats: { label: 'Seats', meaning: 'Seats that are paid for; shares of activated and dormant seats are of this number.', default: null },
  privacy_mode: {
    label: 'Privacy mode',
    meaning: 'Whether analytics shows people by name, by a stable pseudonym, or in groups only. It holds for every reader.',
    values: privacyModes,
    default: 'named',
  },
  viewer_detail: {
    label: 'Detail for analytics viewers',
    meaning: 'Whether analytics viewers see the same as owners and admins, or groups only.',
    values: viewerDetails,
    default: 'same',
  },
  hide_gpt_analytics: {
    label: 'Hide GPT analytics',
    meaning: 'Whether GPT messages are left out of the overview, the GPTs page and the GPT report.',
    default: false,
  },
  region: { label: 'Region', meaning: 'Where its data are kept.', default: null, fixed: 'it is set when the workspace is made, for good' },
  industry: {
    label: 'Industry',
    meaning: 'For comparisons with others of its kind.',
    default: null,
    fixed: 'it is set when the workspace is made',
  },
}
