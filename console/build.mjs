// Builds the pages and packs them for the binary: `node build.mjs WORK_DIRECTORY [PACK]`.
//
// The pack is what src/console/asset_pack.h reads. The work directory is shared by all presets:
// what is there already for the same sources is not built again.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const root = dirname(fileURLToPath(import.meta.url))
const [work, target] = process.argv.slice(2)
if (!work) throw new Error('usage: build.mjs WORK_DIRECTORY [PACK]')

const filesIn = (directory) =>
  readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()

const digestOf = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 16)

function digestOfSources() {
  const hash = createHash('sha256')
  const top = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(root, entry.name))
    .sort()
  for (const file of [...top, ...filesIn(join(root, 'src'))]) {
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex')
}

// Packages as the lock file has them; again only when it has changed.
function installPackages() {
  const lock = readFileSync(join(root, 'package-lock.json'))
  const mark = join(root, 'node_modules', '.pawl-installed')
  if (existsSync(mark) && readFileSync(mark, 'utf8') === digestOf(lock)) return
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: 'inherit' })
  writeFileSync(mark, digestOf(lock))
}

function pack(directory) {
  const files = filesIn(directory).map((file) => {
    const bytes = readFileSync(file)
    const path = relative(directory, file).replaceAll('\\', '/')
    return { path, digest: digestOf(bytes), gzip: gzipSync(bytes, { level: 9 }) }
  })
  const index = files.map((file) => `${file.path} ${file.digest} ${file.gzip.length}\n`).join('')
  return Buffer.concat([Buffer.from(`pawl-pack 1\n${index}\n`), ...files.map((file) => file.gzip)])
}

const mark = join(work, 'sources')
const packed = join(work, 'console.pack')
const sources = digestOfSources()
mkdirSync(work, { recursive: true })
if (!existsSync(packed) || !existsSync(mark) || readFileSync(mark, 'utf8') !== sources) {
  installPackages()
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const pages = join(work, 'pages')
  execFileSync(process.execPath, [vite, 'build', '--outDir', pages, '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
  })
  writeFileSync(packed, pack(pages))
  writeFileSync(mark, sources)
}
if (target) copyFileSync(packed, target)
