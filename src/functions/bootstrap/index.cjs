// Pawl's client of the Lambda Runtime API for Node. One inherited Unix socket carries HTTP: each
// answer travels together with the request for the next invocation, and the next one is awaited in a
// blocking read, so between invocations the function stands still, as it does on AWS.
'use strict';
const fs = require('fs');
const path = require('path');
const util = require('util');
const { pathToFileURL } = require('url');

const SOCKET = 3;
const API = '/2018-06-01/runtime';
const NEXT = `GET ${API}/invocation/next HTTP/1.1\r\nHost: pawl\r\n\r\n`;
const TASK_ROOT = process.env.LAMBDA_TASK_ROOT || process.cwd();
const TASK_REAL = process.env.PAWL_TASK_DIRECTORY; // where the code really lies, without namespaces
for (const name of ['PAWL_TASK_DIRECTORY', 'PAWL_PYTHON_SDK', 'PAWL_LAYERS']) delete process.env[name];

// ---- the wire ----------------------------------------------------------------------------------

class Wire {
  constructor() {
    this.buffer = Buffer.allocUnsafe(1 << 16);
    this.start = 0;
    this.end = 0;
  }

  send(head, body) {
    const headBytes = Buffer.byteLength(head, 'latin1');
    const bodyBytes = Buffer.byteLength(body);
    const bytes = Buffer.allocUnsafe(headBytes + bodyBytes + NEXT.length);
    bytes.latin1Write(head, 0);
    bytes.utf8Write(body, headBytes);
    bytes.latin1Write(NEXT, headBytes + bodyBytes);
    this.write(bytes);
  }

  write(bytes) {
    for (let at = 0; at < bytes.length;) at += retry(() => fs.writeSync(SOCKET, bytes, at));
  }

  // One HTTP response: {status, headers, body}, the body as text.
  receive() {
    let blank;
    while ((blank = this.buffer.subarray(this.start, this.end).indexOf('\r\n\r\n')) < 0) this.fill();
    const lines = this.buffer.latin1Slice(this.start, this.start + blank).split('\r\n');
    this.start += blank + 4;
    const headers = {};
    for (let i = 1; i < lines.length; i++) {
      const colon = lines[i].indexOf(':');
      headers[lines[i].slice(0, colon).toLowerCase()] = lines[i].slice(colon + 2);
    }
    const length = Number(headers['content-length']);
    while (this.end - this.start < length) this.fill(length);
    const body = this.buffer.utf8Slice(this.start, this.start + length);
    this.start += length;
    if (this.start === this.end) this.start = this.end = 0;
    return { status: Number(lines[0].slice(9, 12)), headers, body };
  }

  fill(wanted = 0) {
    if (this.start + wanted > this.buffer.length || this.end === this.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(wanted, this.end - this.start) + (1 << 16));
      this.buffer.copy(larger, 0, this.start, this.end);
      this.end -= this.start;
      this.start = 0;
      this.buffer = larger;
    }
    const count = retry(() =>
      fs.readSync(SOCKET, this.buffer, this.end, this.buffer.length - this.end, null));
    if (count === 0) process.exit(0); // the server is gone
    this.end += count;
  }
}

function retry(call) {
  for (;;) {
    try {
      return call();
    } catch (error) {
      if (error.code !== 'EINTR') throw error;
    }
  }
}

// ---- errors ------------------------------------------------------------------------------------

// Without a private mount table the code lies elsewhere; traces show where AWS would have it.
const shown = (text) => (TASK_REAL ? text.split(TASK_REAL).join('/var/task') : text);

function errorObject(error) {
  if (util.types.isNativeError(error) || error instanceof Error) {
    const stack = typeof error.stack === 'string' ? shown(error.stack).split('\n') : [];
    return { errorType: error.name, errorMessage: String(error.message), trace: stack };
  }
  return { errorType: typeof error, errorMessage: safeString(error), trace: [] };
}

function safeString(value) {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

// As above with every own member of the error: what the log shows.
function errorForLog(error) {
  const { errorType, errorMessage, trace } = errorObject(error);
  const own = error !== null && typeof error === 'object' ? { ...error } : {};
  try {
    return JSON.stringify({ errorType, errorMessage, ...own, stack: trace });
  } catch {
    return JSON.stringify({ errorType, errorMessage, stack: trace });
  }
}

function namedError(name, message) {
  const error = new Error(message);
  error.name = name;
  error.stack = `${name}: ${message}` + error.stack.slice(error.stack.indexOf('\n    at'));
  return error;
}

// ---- log lines ---------------------------------------------------------------------------------

let currentRequestId = '';

function patchConsole() {
  const levels = { trace: 'TRACE', debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN',
    error: 'ERROR', fatal: 'FATAL' };
  for (const [name, level] of Object.entries(levels)) {
    console[name] = (message, ...more) => logLine(level, util.format(message, ...more));
  }
}

function logLine(level, text) {
  const id = currentRequestId === '' ? 'undefined' : currentRequestId;
  process.stdout.write(
    `${new Date().toISOString()}\t${id}\t${level}\t${text.replace(/\n/g, '\r')}\n`);
}

// ---- the AWS SDK, version 2 --------------------------------------------------------------------

// It does not know AWS_ENDPOINT_URL: each copy of it, also one in the package, is told as soon as it
// is loaded. Paths, not host names, carry the bucket's name.
function pointSdkAtPawl() {
  const endpoint = process.env.AWS_ENDPOINT_URL;
  if (!endpoint) return;
  const Module = require('module');
  const load = Module._load;
  const told = new WeakSet();
  Module._load = function (request, parent, ...more) {
    const loaded = load.call(this, request, parent, ...more);
    if (request === 'https' || request === 'node:https') pointAnswersAtPawl(loaded, endpoint);
    // What every entrance to the SDK loads first: it makes the settings that all clients begin with.
    if (request.endsWith('/node_loader') && parent && /[\\/]aws-sdk[\\/]/.test(parent.filename)) {
      const file = Module._resolveFilename(request, parent);
      const { config } = require(path.join(path.dirname(file), 'core.js'));
      // It comes by here on its own way, too, before it makes the settings that last.
      if (config && !told.has(config)) {
        told.add(config);
        config.update({ endpoint, s3ForcePathStyle: true });
      }
    }
    return loaded;
  };
}

// The answer of a custom resource goes to the ResponseURL of its event, which is this server's.
// Libraries read no more than host and path of it and ask for HTTPS at its usual port, where AWS
// listens: these requests go to where the server is.
function pointAnswersAtPawl(https, endpoint) {
  const known = https.request;
  if (known.pawl) return;
  const { protocol, hostname, port } = new URL(endpoint);
  https.request = function (options, ...more) {
    const isAnswer = options && typeof options.path === 'string' &&
      options.path.startsWith('/_pawl/stack-signals/');
    if (!isAnswer) return known.call(this, options, ...more);
    const request = protocol === 'https:' ? known : require('http').request;
    return request({ ...options, protocol, hostname, host: hostname, port, agent: undefined },
      ...more);
  };
  https.request.pawl = true;
}

// ---- the handler -------------------------------------------------------------------------------

function resolveModule(base) {
  for (const extension of ['', '.js', '.mjs', '.cjs']) {
    const file = base + extension;
    if (fs.existsSync(file) && fs.statSync(file).isFile()) return file;
  }
  return null;
}

async function loadModule(name) {
  const file = resolveModule(path.resolve(TASK_ROOT, name));
  if (file === null) {
    // Not in the package: a module of a layer or of NODE_PATH, or nothing.
    return require(require.resolve(name, { paths: [TASK_ROOT] }));
  }
  if (!file.endsWith('.mjs')) {
    try {
      return require(file);
    } catch (error) {
      if (error.code !== 'ERR_REQUIRE_ESM' && error.code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
    }
  }
  return import(pathToFileURL(file).href);
}

async function loadHandler(text) {
  const slash = text.lastIndexOf('/');
  const dot = text.indexOf('.', slash + 1);
  if (text.includes('..') || dot < 0 || dot === slash + 1 || dot === text.length - 1) {
    throw namedError('Runtime.MalformedHandlerName', text.includes('..')
      ? `'${text}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`
      : 'Bad handler');
  }
  const moduleName = text.slice(0, dot);
  let found;
  try {
    found = await loadModule(moduleName);
  } catch (error) {
    if (error instanceof SyntaxError) throw namedError('Runtime.UserCodeSyntaxError', String(error));
    if (error && (error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND')) {
      throw namedError('Runtime.ImportModuleError', String(error));
    }
    throw error;
  }
  const members = text.slice(dot + 1).split('.');
  let handler = members.reduce((value, key) => value && value[key], found);
  if (!handler && found.default) {
    handler = members.reduce((value, key) => value && value[key], found.default);
  }
  if (!handler) {
    throw namedError('Runtime.HandlerNotFound', `${text} is undefined or not exported`);
  }
  if (typeof handler !== 'function') {
    throw namedError('Runtime.HandlerNotFound', `${text} is not a function`);
  }
  return handler;
}

// ---- one invocation ----------------------------------------------------------------------------

class Runtime {
  constructor(wire, handler) {
    this.wire = wire;
    this.handler = handler;
    this.isAsync = handler.constructor && handler.constructor.name === 'AsyncFunction';
    this.invocation = null;
  }

  next() {
    let response;
    do {
      response = this.wire.receive();
    } while (response.status !== 200); // the acknowledgement of the last answer
    const { headers } = response;
    const invocation = { id: headers['lambda-runtime-aws-request-id'], headers, waits: true,
      result: undefined };
    this.invocation = invocation;
    currentRequestId = invocation.id;
    process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
    const context = makeContext(this, invocation);
    try {
      const event = JSON.parse(response.body);
      const result = this.handler(event, context, (error, value) => this.called(invocation, error, value));
      if (result !== null && typeof result === 'object' && typeof result.then === 'function') {
        result.then((value) => this.succeed(invocation, value), (error) => this.fail(invocation, error));
      }
    } catch (error) {
      this.fail(invocation, error);
    }
  }

  // The handler's callback: the answer goes out when nothing is left to do, unless the handler has
  // asked not to wait for that.
  called(invocation, error, value) {
    if (invocation.result !== undefined) return;
    const answer = error !== undefined && error !== null
      ? () => this.fail(invocation, error) : () => this.succeed(invocation, value);
    if (invocation.waits) {
      invocation.result = answer;
    } else {
      answer();
    }
  }

  succeed(invocation, value) {
    if (this.invocation !== invocation) return;
    let text;
    try {
      text = JSON.stringify(value === undefined ? null : value);
      if (text === undefined) text = 'null'; // a function or a symbol
    } catch {
      this.fail(invocation, new Error('Unable to stringify response body'));
      return;
    }
    this.answer(invocation, 'response', '', text);
  }

  fail(invocation, error) {
    if (this.invocation !== invocation) return;
    logLine('ERROR', `Invoke Error \t${errorForLog(error)}`);
    const body = errorObject(error);
    this.answer(invocation, 'error',
      `Lambda-Runtime-Function-Error-Type: ${body.errorType}\r\n`, JSON.stringify(body));
  }

  answer(invocation, kind, headers, body) {
    this.invocation = null;
    this.wire.send(`POST ${API}/invocation/${invocation.id}/${kind} HTTP/1.1\r\nHost: pawl\r\n` +
      `${printable(headers)}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`, body);
    // A turn of the event loop, so that what is ready there runs before the next blocking read.
    setImmediate(nextInvocation);
  }

  // Nothing is left to do in the event loop.
  drained() {
    const { invocation } = this;
    if (invocation === null) return;
    if (invocation.result !== undefined) {
      invocation.result();
    } else if (this.isAsync) {
      this.fail(invocation, namedError('Runtime.NodeJsExit',
        'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly ' +
        'caused by a Promise that was never settled. For more information, see ' +
        'https://nodejs.org/docs/latest/api/process.html#exit-codes'));
    } else {
      this.succeed(invocation, null);
    }
  }

  // An error that no handler caught ends the process; the answer goes out first.
  crash(error, status) {
    const { invocation } = this;
    if (invocation !== null) {
      this.invocation = null;
      const body = JSON.stringify(error);
      this.wire.write(Buffer.from(`POST ${API}/invocation/${invocation.id}/error HTTP/1.1\r\n` +
        `Host: pawl\r\n${printable(`Lambda-Runtime-Function-Error-Type: ${error.errorType}\r\n`)}` +
        `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`));
    }
    process.exit(status);
  }
}

// Header text without what would end the header line early or is not latin1.
const printable = (header) =>
  header === '' ? '' : header.slice(0, -2).replace(/[^\x20-\x7e]/g, '?') + '\r\n';

function parsed(text) {
  return text === undefined || text === '' ? undefined : JSON.parse(text);
}

function makeContext(runtime, invocation) {
  const { env } = process;
  const { headers } = invocation;
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const context = {
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parsed(headers['lambda-runtime-client-context']),
    identity: parsed(headers['lambda-runtime-cognito-identity']),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: invocation.id,
    invokeid: invocation.id, // its name of old
    getRemainingTimeInMillis: () => deadline - Date.now(),
    // The old style (Node 0.10): these answer at once.
    succeed: (value) => runtime.succeed(invocation, value),
    fail: (error) => runtime.fail(invocation, error === undefined || error === null ? 'handled' : error),
    done: (error, value) =>
      error === undefined || error === null
        ? runtime.succeed(invocation, value) : runtime.fail(invocation, error),
  };
  Object.defineProperty(context, 'callbackWaitsForEmptyEventLoop', {
    enumerable: true, configurable: true,
    get: () => invocation.waits,
    set: (value) => {
      invocation.waits = Boolean(value);
      if (!invocation.waits && invocation.result !== undefined) setImmediate(invocation.result);
    },
  });
  return context;
}

// ---- start -------------------------------------------------------------------------------------

let nextInvocation;

function initFailed(wire, error) {
  const body = errorObject(error);
  logLine('ERROR', `Uncaught Exception \t${errorForLog(error)}`);
  const text = JSON.stringify(body);
  wire.write(Buffer.from(`POST ${API}/init/error HTTP/1.1\r\nHost: pawl\r\n` +
    `${printable(`Lambda-Runtime-Function-Error-Type: ${body.errorType}\r\n`)}` +
    `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`));
  process.exit(1);
}

async function main() {
  const wire = new Wire();
  let runtime = null;
  patchConsole();
  pointSdkAtPawl();
  process.on('uncaughtException', (error) => {
    if (runtime === null) initFailed(wire, error);
    logLine('ERROR', `Uncaught Exception \t${errorForLog(error)}`);
    runtime.crash(errorObject(error), 129);
  });
  process.on('unhandledRejection', (reason, promise) => {
    const wrapped = namedError('Runtime.UnhandledPromiseRejection',
      util.types.isNativeError(reason) ? reason.toString() : safeString(reason));
    if (runtime === null) initFailed(wire, wrapped);
    const body = { ...errorObject(wrapped), reason: errorObject(reason), promise: {} };
    logLine('ERROR', `Unhandled Promise Rejection \t${JSON.stringify(body)}`);
    runtime.crash(body, 128);
  });
  try {
    runtime = new Runtime(wire, await loadHandler(process.env._HANDLER || ''));
  } catch (error) {
    initFailed(wire, error);
  }
  process.on('beforeExit', () => runtime.drained());
  nextInvocation = () => runtime.next();
  wire.write(Buffer.from(NEXT));
  runtime.next();
}

main();
