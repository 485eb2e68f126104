/** What is typed on the server to bring chats into a workspace. */
export function intakeCommands(workspace: string, origin: string) {
  return {
    chatgptExport: `npx daybook import chatgpt-export export.zip --workspace ${workspace}`,
    records: `npx daybook import records records.ndjson --workspace ${workspace}`,
    key: `npx daybook key create --name connector --scope ingest:write --workspace ${workspace} --expires 90d`,
    send: `curl -H "Authorization: Bearer $DAYBOOK_KEY" -H 'Content-Type: application/x-ndjson' --data-binary @records.ndjson ${origin}/api/intake/records`,
  }
}

export const workspaceCommand = 'npx daybook workspace create --name "My company"'
export const viewerCommands =
  'npx daybook person add --email someone@example.com --role analytics_viewer\nnpx daybook person link --email someone@example.com'
