/** How an entry of ours is called in the vocabularies that connectors know; null: they have no word for it. */
export interface ActivityNames {
  /** `AUTH_LOG` or `AUDIT_LOG` of the OpenAI-compatible log files, and the action in it. */
  readonly openai: { readonly log: 'AUTH_LOG' | 'AUDIT_LOG'; readonly action: string } | null
  /** `type` of the Anthropic-compatible activity feed. */
  readonly anthropic: string | null
  /** What `ids` of the entry name first. */
  readonly target: 'member' | 'invitation' | 'approval' | 'finding' | 'break_glass' | 'api_key' | 'workspace' | 'organization' | 'session'
}

const audit = (action: string) => ({ log: 'AUDIT_LOG', action }) as const
const own = (target: ActivityNames['target']) => ({ openai: null, anthropic: null, target })
const auth = (action: string) => ({ log: 'AUTH_LOG', action }) as const

/**
 * Every change of who may see what → its provider-compatible activity. An entry holds what they take: who (`actor`, `address`,
 * `user_agent`), what (`ids`), and old and new values (`query`, where `x_before` is what `x` was), never a secret.
 * Several of ours share a name where a provider tells less apart. Where it has none, none is borrowed: the feed carries our own.
 * A second word is a variant of the entry: the way of a sign-in, the API of a switch, that it was denied.
 */
export const activityNames: Record<string, ActivityNames> = {
  'member.add': { openai: audit('USER_ROLE_UPDATED'), anthropic: 'claude_user_role_updated', target: 'member' },
  'member.first-owner': { openai: audit('USER_ROLE_UPDATED'), anthropic: 'role_assignment_granted', target: 'member' },
  'member.roles': { openai: audit('USER_ROLE_UPDATED'), anthropic: 'claude_user_role_updated', target: 'member' },
  'member.grant-record-role': { openai: audit('USER_ROLE_UPDATED'), anthropic: 'role_assignment_granted', target: 'member' },
  'member.grant-record-role-alone': { openai: audit('USER_ROLE_UPDATED'), anthropic: 'role_assignment_granted', target: 'member' },
  'member.transfer-primary-owner': { openai: audit('USER_ROLE_UPDATED'), anthropic: 'primary_owner_transferred', target: 'member' },
  'member.deactivate': { openai: null, anthropic: 'org_user_deleted', target: 'member' },
  'member.reactivate': { openai: null, anthropic: 'role_assignment_granted', target: 'member' },
  'member.remove': { openai: null, anthropic: 'org_user_deleted', target: 'member' },
  'invitation.create': { openai: audit('INVITE_SEND'), anthropic: 'org_user_invite_sent', target: 'invitation' },
  'invitation.resend': { openai: audit('INVITE_SEND'), anthropic: 'org_user_invite_re_sent', target: 'invitation' },
  'invitation.withdraw': { openai: null, anthropic: 'org_user_invite_deleted', target: 'invitation' },
  'invitation.accept': { openai: null, anthropic: 'org_user_invite_accepted', target: 'invitation' },
  'approval.request': { openai: null, anthropic: 'admin_request_created', target: 'approval' },
  'approval.approve': { openai: null, anthropic: null, target: 'approval' },
  'approval.deny': { openai: null, anthropic: null, target: 'approval' },
  'approval.withdraw': { openai: null, anthropic: null, target: 'approval' },
  'break-glass.start': { openai: audit('USER_ROLE_UPDATED'), anthropic: 'role_assignment_granted', target: 'break_glass' },
  'break-glass.end': { openai: audit('USER_ROLE_UPDATED'), anthropic: 'role_assignment_revoked', target: 'break_glass' },
  'finding.close': { openai: null, anthropic: null, target: 'finding' },
  'key.create': { openai: null, anthropic: 'admin_api_key_created', target: 'api_key' },
  'key.rotate': { openai: null, anthropic: 'admin_api_key_created', target: 'api_key' },
  'key.revoke': { openai: null, anthropic: 'admin_api_key_deleted', target: 'api_key' },
  'api.switch': { openai: audit('WORKSPACE_TOGGLE_FEATURE'), anthropic: 'org_compliance_api_settings_updated', target: 'organization' },
  'api.switch analytics': {
    openai: audit('WORKSPACE_TOGGLE_FEATURE'),
    anthropic: 'org_analytics_api_capability_updated',
    target: 'organization',
  },
  'settings.change': {
    openai: audit('WORKSPACE_TOGGLE_FEATURE'),
    anthropic: 'claude_organization_settings_updated',
    target: 'organization',
  },
  'workspace.create': { openai: null, anthropic: 'platform_workspace_created', target: 'workspace' },
  'workspace.set': { openai: audit('WORKSPACE_TOGGLE_FEATURE'), anthropic: 'platform_workspace_updated', target: 'workspace' },
  'session.start': { openai: auth('login_success'), anthropic: 'magic_link_login_succeeded', target: 'session' },
  'session.start provider': { openai: auth('login_success'), anthropic: 'sso_login_succeeded', target: 'session' },
  'session.start denied': { openai: auth('login_failed'), anthropic: 'magic_link_login_failed', target: 'session' },
  'session.start provider denied': { openai: auth('login_failed'), anthropic: 'sso_login_failed', target: 'session' },
  'session.end': { openai: auth('logout_success'), anthropic: 'user_logged_out', target: 'session' },
  'sign-in-link.create': { openai: null, anthropic: 'magic_link_login_initiated', target: 'member' },
  'member.roles-by-group': { openai: audit('USER_ROLE_UPDATED'), anthropic: 'claude_user_role_updated', target: 'member' },
  'identity.link': own('member'),
  'identity.unlink': own('member'),
  'passkey.add': own('member'),
  'passkey.remove': own('member'),
  'passkey.rename': own('member'),
  'password.set': own('member'),
  'password.remove': own('member'),
  'totp.set': own('member'),
  'recovery-codes.renew': own('member'),
}

/** The names of an entry: those of its variant where there are some, else those of its action. A denied one has none but its own. */
export function activityOf(entry: {
  readonly action: string
  readonly outcome: 'allowed' | 'denied'
  readonly query?: Readonly<Record<string, unknown>>
}): ActivityNames | null {
  const variant = [entry.query?.way, entry.query?.api].find((one) => one === 'provider' || one === 'analytics')
  const name = variant === undefined ? entry.action : `${entry.action} ${variant}`
  if (entry.outcome === 'denied') return activityNames[`${name} denied`] ?? activityNames[`${entry.action} denied`] ?? null
  return activityNames[name] ?? activityNames[entry.action] ?? null
}
