import type { Generated } from 'kysely'

/** The tables that typed queries name, as the migrations leave them; a test compares both. Instants are RFC 3339 text. */
export interface Tables {
  organization: {
    organization_id: Generated<number>
    id: string
    name: string
    wrapped_key: Buffer
    created_at: Generated<string>
    compliance_api: Generated<boolean>
    analytics_api: Generated<boolean>
  }
  workspace: {
    organization_id: number
    workspace_id: number
    id: string
    name: string
    kind: Generated<string>
    region: string | null
    seats: number | null
    industry: string | null
    created_at: Generated<string>
    privacy_mode: Generated<string>
    viewer_detail: Generated<string>
    hide_gpt_analytics: Generated<boolean>
  }
  ledger_head: {
    organization_id: number
    seq: Generated<number>
    item: Generated<number>
    committed_at: Generated<string>
  }
  log: {
    organization_id: number
    seq: number
    workspace_id: number | null
    source: string
    kind: string
    id: string
    conversation: number | null
    person: number | null
    gpt: number | null
    project: number | null
    remains: string | null
    occurred_at: string | null
    received_at: string
    ahead: Generated<boolean>
    commitment: Buffer
    payload: Buffer | null
  }
  'salts.log': {
    organization_id: number
    seq: number
    salt: Buffer
  }
  item: {
    organization_id: number
    number: number
    workspace_id: number
    kind: string
    source: string
    id: string
    seq: number | null
    fingerprint: Buffer | null
    updated_at: string | null
    created_at: string | null
    deleted_at: string | null
    person: number | null
    conversation: number | null
    wire_id: string | null
    purged_at: string | null
  }
  conversation: {
    organization_id: number
    number: number
    workspace_id: number
    person: number | null
    position: number
    changed_at: string
    created_at: string | null
    first_message_at: string | null
    last_active_at: string | null
    purged_at: string | null
  }
  message: {
    organization_id: number
    conversation: number
    first_seq: number
    seq: number | null
    workspace_id: number
    id: string
    fingerprint: Buffer | null
    updated_at: string | null
    created_at: string | null
    deleted_at: string | null
    person: number | null
    repeated_id: Generated<boolean>
    purged_at: string | null
  }
  source_tally: {
    organization_id: number
    workspace_id: number
    source: string
    kind: string
    accepted: Generated<number>
    updated: Generated<number>
    duplicates: Generated<number>
    rejected: Generated<number>
    first_received_at: string | null
    last_received_at: string | null
    newest_at: string | null
  }
  dead_letter: {
    organization_id: number
    number: number
    workspace_id: number | null
    received_at: Generated<string>
    via: string
    place: string
    record_id: string | null
    code: string
    message: string
    commitment: Buffer
    payload: Buffer | null
    replayed_at: string | null
    source: Generated<string>
    conversation_id: string | null
  }
  'salts.dead_letter': {
    organization_id: number
    number: number
    salt: Buffer
  }
  blob: {
    organization_id: number
    address: string
    size: number
    created_at: Generated<string>
  }
  'salts.blob': {
    organization_id: number
    address: string
    salt: Buffer
  }
  file_bytes: {
    organization_id: number
    item: number
    address: string
    seq: number
  }
  receipt: {
    organization_id: number
    id: string
    workspace_id: number
    seq: number
    kind: string
    number: number
    at: string
  }
  released_blob: {
    organization_id: number
    address: string
  }
  import_progress: {
    organization_id: number
    workspace_id: number
    input: string
    file: string
    done: number
    changed_at: Generated<string>
  }
  member: {
    organization_id: number
    id: string
    email: string
    roles: string[]
    workspace_id: number | null
    primary_owner: Generated<boolean>
    created_at: Generated<string>
    deactivated_at: string | null
    directory_id: string | null
  }
  sign_in_link: {
    organization_id: number
    token_hash: Buffer
    member_id: string
    expires_at: string
    used_at: string | null
  }
  session: {
    organization_id: number
    token_hash: Buffer
    member_id: string
    created_at: Generated<string>
    seen_at: Generated<string>
    expires_at: string
    id: Generated<string>
    way: Generated<string>
    address: string | null
    device: string | null
    provider: string | null
    subject: string | null
    provider_session: string | null
    id_token: Buffer | null
  }
  password: {
    organization_id: number
    member_id: string
    hash: string
    changed_at: string
    totp_secret: Buffer
    totp_step: number
  }
  recovery_code: {
    organization_id: number
    member_id: string
    code_hash: Buffer
    used_at: string | null
  }
  passkey: {
    organization_id: number
    credential: string
    id: string
    member_id: string
    name: string
    public_key: Buffer
    counter: number
    transports: string[]
    synced: boolean
    created_at: string
    last_used_at: string | null
  }
  identity: {
    organization_id: number
    issuer: string
    subject: string
    member_id: string
    provider: string
    email: string | null
    linked_at: string
    last_used_at: string | null
  }
  put_off_securing: {
    organization_id: number
    member_id: string
    at: string
  }
  api_key: {
    organization_id: number
    id: string
    workspace_id: number | null
    name: string
    kind: string
    last_four: string
    key_hash: Buffer
    scopes: string[]
    created_at: Generated<string>
    expires_at: string | null
    revoked_at: string | null
    last_used_at: string | null
    maker_kind: string | null
    maker_id: string | null
    maker_name: string | null
    networks: Generated<string[]>
    rotated_from: string | null
    flagged_at: string | null
    last_used_address: string | null
    last_used_route: string | null
  }
  invitation: {
    organization_id: number
    id: string
    email: string
    roles: string[]
    workspace_id: number | null
    token_hash: Buffer
    invited_by: string
    invited_by_name: string
    created_at: string
    sent_at: string
    expires_at: string
    withdrawn_at: string | null
    accepted_at: string | null
    member_id: string | null
  }
  approval: {
    organization_id: number
    id: string
    action: string
    input: string
    workspace_id: number | null
    requester: string
    beneficiary: string | null
    purpose: string
    requested_at: string
    expires_at: string
    state: Generated<string>
    decided_by: string | null
    decided_at: string | null
    note: string | null
  }
  break_glass: {
    organization_id: number
    id: string
    member_id: string
    role: string
    reason: string
    started_at: string
    expires_at: string
    ended_at: string | null
    finding_id: string | null
  }
  finding: {
    organization_id: number
    id: string
    workspace_id: number | null
    kind: string
    severity: string
    subject_kind: string
    subject_id: string
    caused_by: string | null
    reason: string | null
    opened_at: string
    due_at: string | null
    closed_at: string | null
    closed_by: string | null
    closed_by_name: string | null
    note: string | null
  }
  setting_change: {
    organization_id: number
    workspace_id: number
    name: string
    changed_at: string
    changed_by: string
    changed_by_name: string
  }
  page_position: {
    organization_id: number
    key_id: string
    list: string
    last_id: string
    start: string
    position: number
    handed_out_at: string
    continued: Generated<number>
    spent: Generated<boolean>
  }
  facts_follow: {
    organization_id: number
    cursor: Generated<number>
    through: string | null
    plan_to: number | null
    message_rows: Generated<number>
    session_rows: Generated<number>
    coding_rows: Generated<number>
  }
  facts_rebuild: {
    organization_id: number
    id: string
    cursor: number
    through: string | null
    message_rows: number
    session_rows: number
    coding_rows: number
  }
}
