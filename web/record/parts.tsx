import { memo, type ReactNode } from 'react'
import type { ShownFile } from '../../contract/record.ts'
import styles from '../admin/admin.module.css'
import { Inline, PlainText } from './plain-text.tsx'
import own from './record.module.css'
import { sizeWords } from './words.ts'

interface ContentProps {
  readonly content: readonly unknown[] | null
  readonly files: readonly ShownFile[]
}

type Part = { readonly [field: string]: unknown }

const isPart = (value: unknown): value is Part => typeof value === 'object' && value !== null && !Array.isArray(value)
const textIn = (value: unknown) => (typeof value === 'string' ? value : null)
const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value ?? null, null, 2))

/** What a message says, part by part. A part that nobody knows is shown as it is stored. */
export const Content = memo(function Content({ content, files }: ContentProps) {
  if (content === null || content.length === 0) return <p className={styles.hint}>It says nothing.</p>
  return content.map((part, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place
    <div key={place} className={own.part} data-part-type={isPart(part) ? String(part.type) : 'raw'}>
      {isPart(part) ? <PartOf part={part} files={files} /> : <PlainText mono text={asText(part)} />}
    </div>
  ))
})

function PartOf({ part, files }: { part: Part; files: readonly ShownFile[] }): ReactNode {
  switch (part.type) {
    case 'text':
      return <PlainText text={asText(part.text)} />
    case 'code':
      return <Labelled label="Code" name={textIn(part.language)} text={asText(part.text)} />
    case 'thinking':
      return <Labelled label="Thinking" name={null} text={asText(part.text)} prose />
    case 'tool_use':
      return <Labelled label="Calls" name={textIn(part.name)} text={asText(part.input)} />
    case 'tool_result':
      return (
        <Labelled label={part.is_error === true ? 'Result, an error' : 'Result'} name={textIn(part.name)} text={asText(part.content)} />
      )
    case 'citation':
      return <Cited urls={Array.isArray(part.urls) ? part.urls : []} />
    case 'image':
    case 'audio':
    case 'video':
    case 'file':
      return <Media type={part.type} file={files.find(({ id }) => id === part.file_id)} id={asText(part.file_id)} />
    default:
      return <Labelled label="As its source has it" name={null} text={asText(part.type === 'raw' ? part.value : part)} />
  }
}

function Labelled({ label, name, text, prose = false }: { label: string; name: string | null; text: string; prose?: boolean }) {
  return (
    <>
      <p className={styles.hint}>
        {label}
        {name !== null && name !== '' && (
          <>
            {' '}
            <Inline text={name} most={80} />
          </>
        )}
      </p>
      <PlainText mono={!prose} text={text} />
    </>
  )
}

const mostCited = 50

function Cited({ urls }: { urls: readonly unknown[] }) {
  return (
    <>
      <p className={styles.hint}>Cites</p>
      <PlainText text={urls.slice(0, mostCited).map(asText).join('\n')} />
      {urls.length > mostCited && <p className={styles.hint}>and {urls.length - mostCited} more, in the record</p>}
    </>
  )
}

const mediaNames = { image: 'Image', audio: 'Audio', video: 'Video', file: 'File' }

/** Nothing is loaded and nothing played: a file is saved, and opened elsewhere. */
function Media({ type, file, id }: { type: keyof typeof mediaNames; file: ShownFile | undefined; id: string }) {
  return (
    <p className={styles.hint}>
      {mediaNames[type]}: <Inline text={file?.name ?? id} />
    </p>
  )
}

export function Files({ files }: { files: readonly ShownFile[] }) {
  if (files.length === 0) return null
  return (
    <ul className={own.files} aria-label="Files">
      {files.map((file) => (
        <li key={file.id}>
          <Inline text={file.name ?? file.id} />
          <span className={styles.hint}>
            {[file.mime_type, file.size === null ? null : sizeWords(file.size)].flatMap((words, place) =>
              words === null ? [] : [<Inline key={place === 0 ? 'type' : 'size'} text={` ${words} `} most={80} />],
            )}
          </span>
          {file.link === null ? (
            <span className={styles.hint}>{file.erased ? 'erased from the record' : 'its bytes are not in the record'}</span>
          ) : (
            <a href={file.link} download rel="noreferrer">
              Save
              <span className="unseen">
                {' '}
                <Inline text={file.name ?? file.id} />
              </span>
            </a>
          )}
        </li>
      ))}
    </ul>
  )
}
