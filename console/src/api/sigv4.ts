// Signature Version 4 by the browser's own cryptography.

export interface Keys {
  accessKey: string
  secret: string
  token?: string
}

export interface Unsigned {
  method: string
  url: URL
  headers: Record<string, string> // lower-case names; `host` is added
  body: string
}

const encoder = new TextEncoder()

const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')

async function sha256(text: string): Promise<string> {
  return hex(await crypto.subtle.digest('SHA-256', encoder.encode(text)))
}

async function hmac(key: ArrayBuffer, text: string): Promise<ArrayBuffer> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['sign'])
  return crypto.subtle.sign('HMAC', imported, encoder.encode(text))
}

// RFC 3986: all but A-Z a-z 0-9 - . _ ~
const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )

function canonicalQuery(url: URL): string {
  return [...url.searchParams]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

// S3 signs the path as it is sent; all other services encode it once more.
function canonicalPath(url: URL, service: string): string {
  if (service === 's3') return url.pathname
  return url.pathname.split('/').map(encode).join('/')
}

// The headers to send, with Authorization among them.
export async function sign(
  request: Unsigned,
  keys: Keys,
  region: string,
  service: string,
  now: Date,
): Promise<Record<string, string>> {
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`
  const bodyDigest = await sha256(request.body)
  const headers: Record<string, string> = { ...request.headers, 'x-amz-date': time }
  if (keys.token) headers['x-amz-security-token'] = keys.token
  if (service === 's3') headers['x-amz-content-sha256'] = bodyDigest
  const signed: Record<string, string> = { ...headers, host: request.url.host }
  const names = Object.keys(signed).sort()
  const canonical = [
    request.method,
    canonicalPath(request.url, service),
    canonicalQuery(request.url),
    ...names.map((name) => `${name}:${(signed[name] ?? '').trim()}`),
    '',
    names.join(';'),
    bodyDigest,
  ].join('\n')
  let key = encoder.encode(`AWS4${keys.secret}`).buffer as ArrayBuffer
  for (const part of scope.split('/')) key = await hmac(key, part)
  const toSign = ['AWS4-HMAC-SHA256', time, scope, await sha256(canonical)].join('\n')
  const signature = hex(await hmac(key, toSign))
  const credential = `${keys.accessKey}/${scope}`
  headers.authorization =
    `AWS4-HMAC-SHA256 Credential=${credential}, ` +
    `SignedHeaders=${names.join(';')}, Signature=${signature}`
  return headers
}
