// An activity worker with nothing but Node: the API is JSON over HTTP.
//
//   node worker.mjs ACTIVITY_ARN     (AWS_ENDPOINT_URL: the server, else http://127.0.0.1:4566)
//
// A server that runs with --credentials wants signed requests: use the AWS SDK with it instead.
import { setTimeout as sleep } from "node:timers/promises";
import os from "node:os";

const HEARTBEAT_MS = 20_000, POLL_MS_MAX = 70_000; // a long poll takes up to 60 seconds
const [activityArn] = process.argv.slice(2);
const endpoint = process.env.AWS_ENDPOINT_URL ?? "http://127.0.0.1:4566";
if (!activityArn) {
  console.error("usage: node worker.mjs ACTIVITY_ARN");
  process.exit(2);
}
const region = activityArn.split(":")[3];
const workerName = `${os.hostname()}-${process.pid}`;
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stop.abort());

// The work itself. What it throws fails the task; what it returns is the task's output.
async function work(task) {
  return { reviewed: task, by: "worker.mjs" };
}

class Refused extends Error {}
class Unreachable extends Error {}

async function call(operation, input, signal) {
  let response;
  try {
    response = await fetch(endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `AWSStepFunctions.${operation}`,
        authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/states/aws4_request, `
          + "SignedHeaders=host, Signature=0",
      },
      body: JSON.stringify(input),
      signal: signal ?? AbortSignal.timeout(POLL_MS_MAX),
    });
  } catch (error) {
    throw new Unreachable(error.message);
  }
  const answer = await response.json();
  if (!response.ok) throw new Refused(`${answer.__type}: ${answer.message}`);
  return answer;
}

// Until the server has the answer: the token outlives a restart of the server.
async function answer(operation, input) {
  for (;;) {
    try {
      return await call(operation, input);
    } catch (error) {
      if (error instanceof Refused) return console.error(`too late: ${error.message}`);
      await sleep(1000);
    }
  }
}

async function handle({ taskToken, input }) {
  const beat = setInterval(() => call("SendTaskHeartbeat", { taskToken }).catch(() => {}),
    HEARTBEAT_MS);
  try {
    const output = JSON.stringify(await work(JSON.parse(input)));
    await answer("SendTaskSuccess", { taskToken, output });
  } catch (error) {
    await answer("SendTaskFailure", { taskToken, error: error.name, cause: String(error.message) });
  } finally {
    clearInterval(beat);
  }
}

// The task at hand is finished before the worker stops; the poll that waits is given up at once.
while (!stop.signal.aborted) {
  try {
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(POLL_MS_MAX)]);
    const task = await call("GetActivityTask", { activityArn, workerName }, signal);
    if (task.taskToken) await handle(task);
  } catch (error) {
    if (error instanceof Refused) {
      console.error(error.message);
      process.exit(1);
    }
    if (!stop.signal.aborted) await sleep(1000); // the server is away; tasks wait for it
  }
}
