import { isObject, type JsonObject } from '../ledger/json.ts'
import { type Held, sourceKey } from './held-items.ts'
import { textOrNull, wholeList } from './openai-common.ts'

export type AssetKind = 'gpt' | 'project'

/** Somebody a GPT or project is shared with, as its record says. */
interface Recipient {
  /** The source's own id. */
  readonly id: string
  readonly email: string | null
  readonly said: JsonObject
}

/** Records give a bare id, or an object with one. */
export function recipientsOf(record: JsonObject): Recipient[] {
  const sharing = isObject(record.sharing) ? record.sharing : {}
  if (!Array.isArray(sharing.recipients)) return []
  return sharing.recipients.flatMap((one: unknown) => {
    const said = isObject(one) ? one : {}
    const id = textOrNull(one) ?? textOrNull(said.id) ?? textOrNull(said.user_id) ?? textOrNull(said.person_id)
    return id === null ? [] : [{ id, email: textOrNull(said.email), said }]
  })
}

/** Other words for the provider's; one that nobody knows is passed on as it is. */
const visibilityOf: Record<string, string> = {
  private: 'invite-only',
  link: 'workspace-with-link',
  organization: 'workspace',
  public: 'gpt-store',
}

const open = new Set(['gpt-store', 'anyone-with-link'])

export function visibility(record: JsonObject): string {
  const said = (isObject(record.sharing) ? textOrNull(record.sharing.visibility) : null) ?? 'invite-only'
  return visibilityOf[said] ?? said
}

/** Nobody of the workspace owns it, and everybody may use it: of somebody else's GPT only the public fields are shown. */
export function isForeign(record: JsonObject): boolean {
  return textOrNull(record.owner_id) === null && open.has(visibility(record))
}

interface SharingOptions {
  /** Persons of the page, by `sourceKey`. */
  readonly people: ReadonlyMap<string, Held>
  readonly recipients: 'array' | 'list'
}

export function sharingObject(kind: AssetKind, { record, source }: Held, { people, recipients: form }: SharingOptions) {
  const said = isObject(record.sharing) ? record.sharing : {}
  const seen = visibility(record)
  const recipients = recipientsOf(record).map((one) => {
    const person = people.get(sourceKey(source, one.id))
    return {
      object: `compliance.workspace.${kind}.shared_user`,
      id: person?.id ?? one.id,
      email: textOrNull(person?.record.email) ?? one.email,
      permissions: permissions(kind, one.said, true),
    }
  })
  return {
    object: `compliance.workspace.${kind}.sharing`,
    visibility: seen,
    permissions: permissions(kind, said, seen !== 'invite-only'),
    recipients: form === 'array' ? recipients : wholeList(recipients),
  }
}

/** Who may change it sees how it is made. */
function permissions(kind: AssetKind, said: JsonObject, reads: boolean) {
  const given = isObject(said.permissions) ? said.permissions : said
  const may = (name: string, otherwise: boolean) => (typeof given[name] === 'boolean' ? given[name] : otherwise)
  const writes = may('can_write', false)
  return {
    object: `compliance.workspace.${kind}.permissions`,
    can_read: may('can_read', reads),
    can_view_config: may('can_view_config', writes),
    can_write: writes,
  }
}
