import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), beforeFirstPaint(), packed()],
  build: {
    outDir: join(import.meta.dirname, '..', 'dist'),
    emptyOutDir: true,
    assetsDir: 'assets/app',
    // A data: URL would need a hole in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: 'manifest.json',
    chunkSizeWarningLimit: 700,
  },
})

/** The script that sets the colour scheme must block the first paint, so it can be neither a module nor, by our policy, inline. */
function beforeFirstPaint(): Plugin {
  let asset = ''
  return {
    name: 'before-first-paint',
    buildStart() {
      asset = this.emitFile({
        type: 'asset',
        name: 'color-scheme.js',
        source: readFileSync(join(import.meta.dirname, 'color-scheme.js')),
      })
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const file = Object.values(bundle ?? {}).find((output) => output.type === 'asset' && output.names.includes('color-scheme.js'))
        if (!file) throw new Error(`the colour scheme's script was not built (${asset})`)
        return [{ tag: 'script', attrs: { src: `/${file.fileName}` }, injectTo: 'head-prepend' }]
      },
    },
  }
}

/** The server sends what was packed once; packing well takes longer than sending. */
function packed(): Plugin {
  return {
    name: 'packed',
    async writeBundle({ dir = '' }, bundle) {
      const files = Object.values(bundle).filter(({ fileName }) => /\.(js|css)$/.test(fileName))
      await Promise.all(
        files.map(async (file) => {
          const bytes = file.type === 'chunk' ? file.code : file.source
          await writeFile(join(dir, `${file.fileName}.gz`), await promisify(gzip)(bytes, { level: 9 }))
          await writeFile(join(dir, `${file.fileName}.br`), await promisify(brotliCompress)(bytes))
        }),
      )
    },
  }
}
