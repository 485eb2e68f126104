import { openEmbeddedPostgres as openPostgres } from '../../server/platform/embedded-postgres.ts'

// The control of a start: the same PostgreSQL on the same files, and a Node that does nothing else. Ends with its standard input.
const postgres = await openPostgres(process.argv[2] ?? '')
process.stdout.write('ready\n')
process.stdin.on('end', () => void postgres.leave().then(() => process.exit())).resume()
