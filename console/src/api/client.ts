// Calls of the public API from the page, signed as every client's. One function a protocol.
import { currentSession, refuseKeys } from './session'
import { sign } from './sigv4'
import { all, type Element, parseXml } from './xml'

export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
  ) {
    super(message)
    this.name = code
  }
}

const REFUSALS = [
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'ExpiredTokenException',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
]

export interface Request {
  service: string
  method?: string
  path?: string
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: string
  signal?: AbortSignal
}

// The answer as it came; an error where it is one.
export async function send(request: Request): Promise<Response> {
  const { keys, region } = currentSession()
  const url = new URL(request.path ?? '/', window.location.origin)
  for (const [name, value] of Object.entries(request.query ?? {})) {
    url.searchParams.append(name, value)
  }
  // As the signature has it: a blank is %20, not a plus.
  url.search = url.search.replaceAll('+', '%20')
  const method = request.method ?? 'POST'
  const body = request.body ?? ''
  if (!crypto.subtle) {
    throw new ApiError(
      'InsecureContext',
      'Browsers sign requests over HTTPS or on localhost only: serve with --tls-cert, --tls-key.',
      0,
    )
  }
  const unsigned = { method, url, headers: request.headers ?? {}, body }
  const headers = await sign(unsigned, keys, region, request.service, new Date())
  let response: Response
  try {
    const hasBody = method !== 'GET' && method !== 'HEAD'
    response = await fetch(url, {
      method,
      headers,
      body: hasBody ? body : undefined,
      signal: request.signal,
      cache: 'no-store',
    })
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error
    throw new ApiError('Unreachable', 'The server does not answer. Is `pawl serve` running?', 0)
  }
  if (!response.ok) throw await errorOf(response)
  return response
}

async function errorOf(response: Response): Promise<ApiError> {
  const text = await response.text()
  let code = response.headers.get('x-amzn-ErrorType') ?? ''
  let message = text
  if (text.startsWith('{')) {
    const body = JSON.parse(text) as Record<string, string>
    code ||= body.__type ?? body.code ?? ''
    message = body.message ?? body.Message ?? ''
  } else if (text.startsWith('<')) {
    const xml = parseXml(text)
    code = all(xml, 'Code')[0]?.text ?? code
    message = all(xml, 'Message')[0]?.text ?? ''
  }
  code = code.slice(code.lastIndexOf('#') + 1) || `HTTP ${response.status}`
  const error = new ApiError(
    code,
    message || `The server answered ${response.status}.`,
    response.status,
  )
  if (REFUSALS.includes(code)) refuseKeys(error.message)
  return error
}

type Input = Record<string, unknown>

async function json<T>(response: Response): Promise<T> {
  const text = await response.text()
  return (text === '' ? {} : JSON.parse(text)) as T
}

// JSON 1.0 and 1.1: the operation's name stands in X-Amz-Target.
function targeted(service: string, prefix: string, version: string) {
  return async <T>(operation: string, input: Input = {}, signal?: AbortSignal): Promise<T> =>
    json<T>(
      await send({
        service,
        headers: {
          'content-type': `application/x-amz-json-${version}`,
          'x-amz-target': `${prefix}.${operation}`,
        },
        body: JSON.stringify(input),
        signal,
      }),
    )
}

export const states = targeted('states', 'AWSStepFunctions', '1.0')
export const logs = targeted('logs', 'Logs_20140328', '1.1')
export const codepipeline = targeted('codepipeline', 'CodePipeline_20150709', '1.1')
export const codecommit = targeted('codecommit', 'CodeCommit_20150413', '1.1')

// Pawl's own operations (docs/extensions.md).
export async function pawl<T>(
  operation: string,
  input: Input = {},
  signal?: AbortSignal,
): Promise<T> {
  return json<T>(
    await send({
      service: 'pawl',
      path: `/_pawl/${operation}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
      signal,
    }),
  )
}

export async function lambda<T>(method: string, path: string, input?: Input): Promise<T> {
  return json<T>(
    await send({
      service: 'lambda',
      method,
      path: `/2015-03-31/${path}`,
      headers: input ? { 'content-type': 'application/json' } : {},
      body: input ? JSON.stringify(input) : '',
    }),
  )
}

// The query protocol: a form in, XML out.
export async function cloudformation(
  action: string,
  input: Record<string, string> = {},
): Promise<Element> {
  const form = new URLSearchParams({ Action: action, Version: '2010-05-15', ...input })
  const response = await send({
    service: 'cloudformation',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  })
  return parseXml(await response.text())
}

export async function s3(path: string, query: Record<string, string> = {}, signal?: AbortSignal) {
  return send({ service: 's3', method: 'GET', path, query, signal })
}
