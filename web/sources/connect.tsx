import { CommandLine } from '../first-run/command-line.tsx'
import { intakeCommands } from '../first-run/commands.ts'
import { Part } from './part.tsx'
import styles from './sources.module.css'

/** The ways in that there are, each with what is typed. */
export function Connect({ workspace }: { workspace: string }) {
  const commands = intakeCommands(workspace, location.origin)
  return (
    <Part
      id="connect"
      title="How is the next one connected?"
      sentence="Commands run on the server, in its folder. Sending the same again changes nothing."
    >
      <div className={styles.ways}>
        <section>
          <h3>A ChatGPT export</h3>
          <p>The zip as it was downloaded, an unpacked folder or a single conversations.json.</p>
          <CommandLine of="the import of a ChatGPT export" text={commands.chatgptExport} />
        </section>
        <section>
          <h3>Files of records</h3>
          <p>Our own shape, one JSON object a line, plain or gzip: whatever a script can write.</p>
          <CommandLine of="the import of records" text={commands.records} />
        </section>
        <section>
          <h3>Any program that can POST</h3>
          <p>
            First a key of the scope <code>ingest:write</code>, bound to this workspace; its text is shown once.
          </p>
          <CommandLine of="making a key" text={commands.key} />
          <p>
            Then batches of up to 5,000 records. <a href="/api/docs">The API description</a> has the shapes.
          </p>
          <CommandLine of="sending records" text={commands.send} />
        </section>
      </div>
    </Part>
  )
}
