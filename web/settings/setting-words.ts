import type { SettingView } from '../../contract/admin.ts'

type Value = SettingView['value']

const valueNames: Record<string, string> = {
  named: 'by name',
  pseudonymous: 'under pseudonyms',
  groups_only: 'groups only',
  same: 'the same as owners and admins',
  groups: 'groups only',
}

/** A value as people read it. */
export function valueWords(value: Value): string {
  if (value === null) return 'not set'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return valueNames[String(value)] ?? String(value)
}

const effects: Record<string, Record<string, string>> = {
  privacy_mode: {
    named: 'Readers of counts see people by name wherever their role shows people. It holds from the next number on.',
    pseudonymous:
      'Readers of counts, owners included, see a stable pseudonym in place of each name and address. Numbers do not change, and who is behind a pseudonym is shown to nobody.',
    groups_only:
      'No reader of counts, owners included, sees a person: tables and filters by person are refused, groups of fewer than 10 stay hidden. Numbers do not change.',
  },
  viewer_detail: {
    same: 'Analytics viewers see what owners and admins see, as the privacy mode has it.',
    groups: 'Analytics viewers see groups only: tables and filters by person are refused to them. Owners and admins see what they saw.',
  },
  hide_gpt_analytics: {
    true: 'GPT messages are left out of the overview, the GPTs page and the GPT report, for every reader.',
    false: 'GPT messages are counted and shown.',
  },
}

/** What readers will see once it is set to this; null: what the setting means says enough. */
export const effectOf = (name: string, value: string): string | null => effects[name]?.[value] ?? null

/** The values to choose from; null: something is typed. */
export function choicesOf({ values, default: usual }: SettingView): readonly { value: string; name: string }[] | null {
  if (values !== null) return values.map((value) => ({ value, name: valueWords(value) }))
  if (typeof usual !== 'boolean') return null
  return [
    { value: 'true', name: 'yes' },
    { value: 'false', name: 'no' },
  ]
}

/** What was typed or chosen, as the API takes it. */
export function valueTyped({ name, default: usual }: SettingView, text: string): string | number | boolean {
  if (typeof usual === 'boolean') return text === 'true'
  return isNumber(name) ? Number(text) : text
}

export const isNumber = (name: string) => name === 'seats'
