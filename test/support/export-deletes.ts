/** The DELETEs of the wire reference, written down a second time. In braces the names of examples' ids. */
export interface ReferenceDelete {
  readonly path: string
  /** The reference leaves the word open: that of the object itself, where it has one. null: not served. */
  readonly object: string | null
  /** Which of the ids is given back. */
  readonly id?: string
}

const of = (name: string) => `compliance.workspace.${name}`

const assets = (kind: 'gpt' | 'project'): ReferenceDelete[] => [
  { path: `/${kind}s/{${kind}}`, object: of(kind), id: kind },
  { path: `/${kind}s/{${kind}}/files/{file}`, object: of(`${kind}.file`), id: 'file' },
  { path: `/${kind}s/{${kind}}/shared_users`, object: null },
]

export const referenceDeletes: readonly ReferenceDelete[] = [
  { path: '/users/{user}/files/{file}', object: of('conversation.message.file'), id: 'file' },
  { path: '/conversations/{conversation}', object: of('conversation'), id: 'conversation' },
  { path: '/users/{user}/conversations/{conversation}', object: of('conversation'), id: 'conversation' },
  ...assets('gpt'),
  ...assets('project'),
  { path: '/projects/{project}/connector_scopes/{scope}', object: null },
  { path: '/users/{user}/memory_contexts/{context}/memories/{memory}', object: of('user.memory.context.entry'), id: 'memory' },
  { path: '/users/{user}/memory_contexts/{user}/memories/{memory}', object: of('user.memory.context.entry'), id: 'memory' },
  { path: '/users/{user}/canvas/{canvas}', object: of('user.canvas'), id: 'canvas' },
  { path: '/users/{user}/automations/{automation}', object: of('user.automation'), id: 'automation' },
  { path: '/users/{user}/recordings/{recording}', object: of('user.recording'), id: 'recording' },
  { path: '/recordings/{recording}', object: of('user.recording'), id: 'recording' },
  { path: '/codex_tasks/{codex_task}', object: of('codex_task'), id: 'codex_task' },
  { path: '/codex_environments/{codex_environment}', object: null },
  { path: '/users/{user}/library_files/{library_file}', object: of('user.library_file'), id: 'library_file' },
  { path: '/agents/{agent}', object: of('agent'), id: 'agent' },
  { path: '/custom_agents/{agent}', object: null },
  { path: '/skills/{skill}', object: of('skill'), id: 'skill' },
]
