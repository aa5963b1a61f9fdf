// Debian's Chromium by Playwright, a server of its own, and calls of its API.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
// The packages of the console: one lock file for both.
const packages = createRequire(join(ROOT, 'console', 'package.json'))
export const { chromium } = packages('playwright-core')
export const AXE = packages.resolve('axe-core/axe.min.js')

export async function startServer(pawl, options = []) {
  const data = mkdtempSync(join(tmpdir(), 'pawl-console-'))
  const interval = ['--pipeline-interval', '200ms']
  const args = ['serve', '--listen', '127.0.0.1:0', '--data-dir', data, ...interval, ...options]
  const child = spawn(pawl, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const line = await new Promise((resolve, reject) => {
    child.stdout.once('data', (bytes) => resolve(String(bytes)))
    child.once('exit', () => reject(new Error('pawl serve did not come up')))
  })
  const url = line.trim().split(' ').at(-1)
  const stop = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
    rmSync(data, { recursive: true, force: true })
  }
  return { url, stop, data }
}

// As clients do it where signatures are not checked.
const AUTHORIZATION = (service, region) =>
  `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/${service}/aws4_request, ` +
  'SignedHeaders=host, Signature=0'

const TARGETS = { codecommit: 'CodeCommit_20150413', codepipeline: 'CodePipeline_20150709' }

export function client(url, region = 'us-east-1') {
  const send = async (service, path, headers, body, method = 'POST') => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: AUTHORIZATION(service, region), ...headers },
      body,
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${path} ${JSON.stringify(headers)}: ${text}`)
    return text
  }
  return {
    states: async (operation, input) =>
      JSON.parse(
        await send(
          'states',
          '/',
          {
            'content-type': 'application/x-amz-json-1.0',
            'x-amz-target': `AWSStepFunctions.${operation}`,
          },
          JSON.stringify(input),
        ),
      ),
    pawl: async (operation, input) =>
      JSON.parse(
        await send(
          'pawl',
          `/_pawl/${operation}`,
          { 'content-type': 'application/json' },
          JSON.stringify(input),
        ),
      ),
    lambda: async (path, input) =>
      JSON.parse(
        await send(
          'lambda',
          `/2015-03-31/${path}`,
          { 'content-type': 'application/json' },
          JSON.stringify(input),
        ),
      ),
    target: async (service, operation, input) =>
      JSON.parse(
        (await send(
          service,
          '/',
          {
            'content-type': 'application/x-amz-json-1.1',
            'x-amz-target': `${TARGETS[service]}.${operation}`,
          },
          JSON.stringify(input),
        )) || '{}',
      ),
    form: (service, fields) =>
      send(
        service,
        '/',
        { 'content-type': 'application/x-www-form-urlencoded' },
        new URLSearchParams(fields).toString(),
      ),
    put: (path, body, headers = {}) => send('s3', path, headers, body, 'PUT'),
  }
}

export const ROLE = 'arn:aws:iam::000000000000:role/any'
