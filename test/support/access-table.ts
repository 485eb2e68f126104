/**
 * Who may call what, for every route of the server but the files of its pages: the one list to read, and the one that a new route has
 * to be put in, or a test fails. `callers` are whom the route takes at all: `keys` alone, people in the `pages` they look at, `both`, or
 * `anybody`. Of a scope that is one of several, any is enough.
 */
export interface Line {
  readonly access: string
  readonly callers: 'anybody' | 'keys' | 'both' | 'pages'
}

const groups: readonly (Line & { readonly routes: readonly string[] })[] = [
  {
    access: 'open',
    callers: 'anybody',
    routes: [
      'GET /healthz',
      'GET /readyz',
      'GET /metrics',
      'GET /invitations/:token',
      'POST /invitations/:token',
      'GET /',
      'GET /sign-in',
      'POST /sign-in/password',
      'POST /sign-in/code',
      'GET /sign-in/:token',
      'POST /sign-in/:token',
      'GET /sign-in/with/:provider',
      'GET /sign-in/with/:provider/callback',
      'POST /sign-in/with/:provider/logout',
      'GET /signed-out',
      'GET /sign-out/at/:provider',
      'POST /sign-out',
      'POST /sign-in/passkey/options',
      'POST /sign-in/passkey',
    ],
  },
  {
    access: 'signed-in',
    callers: 'both',
    routes: [
      'GET /api/account',
      'GET /api/account/sessions',
      'DELETE /api/account/sessions',
      'DELETE /api/account/sessions/:session_id',
      'DELETE /api/account/providers/:provider',
      'PUT /api/account/password',
      'DELETE /api/account/password',
      'POST /api/account/totp',
      'PUT /api/account/totp',
      'POST /api/account/recovery-codes',
      'POST /api/account/passkeys/options',
      'POST /api/account/passkeys',
      'PATCH /api/account/passkeys/:passkey_id',
      'DELETE /api/account/passkeys/:passkey_id',
    ],
  },
  {
    access: 'signed-in',
    callers: 'pages',
    routes: ['GET /account', 'GET /secure', 'GET /secure/password', 'POST /secure/password', 'POST /secure/skip'],
  },
  {
    access: 'activity:read',
    callers: 'both',
    routes: ['GET /api/access'],
  },
  {
    access: 'activity:read',
    callers: 'pages',
    routes: ['GET /access'],
  },
  {
    access: 'analytics:read',
    callers: 'both',
    routes: ['GET /api/analytics/query', 'GET /api/analytics/metrics', 'GET /api/analytics/reconciliation'],
  },
  {
    access: 'analytics:read',
    callers: 'pages',
    routes: ['GET /overview'],
  },
  {
    access: 'analytics:read or compliance:read',
    callers: 'pages',
    routes: ['GET /sources'],
  },
  {
    access: 'people:manage or directory:read',
    callers: 'pages',
    routes: ['GET /members'],
  },
  {
    access: 'keys:manage',
    callers: 'pages',
    routes: ['GET /keys'],
  },
  {
    access: 'settings:manage or directory:read',
    callers: 'pages',
    routes: ['GET /settings'],
  },
  {
    access: 'analytics:read or compliance:read or ingest:write or settings:manage',
    callers: 'both',
    routes: ['GET /api/sources', 'GET /api/first-run', 'GET /api/dead-letters/summary'],
  },
  {
    access: 'compliance:read',
    callers: 'both',
    routes: ['GET /api/dead-letters/:number/bytes', 'GET /api/analytics/reconciliation/messages'],
  },
  {
    access: 'compliance:read',
    callers: 'keys',
    routes: [
      'GET /api/records',
      'GET /v1/compliance/workspaces/:workspace_id/users',
      'GET /v1/compliance/workspaces/:workspace_id/conversations',
      'GET /v1/compliance/workspaces/:workspace_id/conversations/:conversation_id/messages',
      'GET /v1/compliance/conversations',
      'POST /v1/compliance/conversations',
    ],
  },
  {
    access: 'compliance:read or ingest:write or settings:manage',
    callers: 'both',
    routes: ['GET /api/dead-letters'],
  },
  {
    access: 'directory:read',
    callers: 'both',
    routes: ['GET /api/members', 'GET /api/findings', 'GET /api/settings'],
  },
  {
    access: 'findings:manage',
    callers: 'both',
    routes: ['POST /api/findings/:id/close'],
  },
  {
    access: 'ingest:write',
    callers: 'keys',
    routes: ['POST /api/intake/records', 'PUT /api/intake/files/:file_id/bytes'],
  },
  {
    access: 'ingest:write or settings:manage',
    callers: 'both',
    routes: ['POST /api/dead-letters/replay'],
  },
  {
    access: 'keys:manage',
    callers: 'both',
    routes: ['GET /api/keys', 'POST /api/keys', 'POST /api/keys/:id/rotate', 'POST /api/keys/:id/revoke'],
  },
  {
    access: 'people:manage',
    callers: 'both',
    routes: [
      'PUT /api/members/:id/roles',
      'POST /api/members/:id/record-roles',
      'POST /api/members/:id/primary-owner',
      'POST /api/members/:id/deactivate',
      'POST /api/members/:id/reactivate',
      'DELETE /api/members/:id',
      'GET /api/invitations',
      'POST /api/invitations',
      'POST /api/invitations/:id/resend',
      'DELETE /api/invitations/:id',
      'GET /api/approvals',
      'POST /api/approvals',
      'POST /api/approvals/:id/approve',
      'POST /api/approvals/:id/deny',
      'POST /api/approvals/:id/withdraw',
      'GET /api/break-glass',
      'POST /api/break-glass',
      'POST /api/break-glass/:id/end',
      'GET /api/explain',
      'GET /api/members/:member_id/sessions',
      'DELETE /api/members/:member_id/sessions',
      'DELETE /api/members/:member_id/sessions/:session_id',
    ],
  },
  {
    access: 'settings:manage',
    callers: 'both',
    routes: ['PATCH /api/settings', 'PUT /api/settings/apis'],
  },
]

/** `GET /api/keys` → its line. */
export const accessTable: Record<string, Line> = Object.fromEntries(
  groups.flatMap(({ access, callers, routes }) => routes.map((route) => [route, { access, callers }])),
)
