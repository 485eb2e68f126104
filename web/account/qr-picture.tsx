import styles from '../admin/admin.module.css'

/** The picture that the server drew, from its one path: markup of a reply is never put into the page as it is. */
export function QrPicture({ svg }: { svg: string }) {
  const size = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)
  const path = /<path[^>]* d="([MLHVZmlhvz\d\s,.-]+)"/.exec(svg)?.[1]
  if (!size || path === undefined) return null
  return (
    <svg className={styles.picture} viewBox={`0 0 ${size[1]} ${size[2]}`} role="img" aria-label="Set-up picture for an authenticator app">
      <path d={path} fill="#000" />
    </svg>
  )
}
