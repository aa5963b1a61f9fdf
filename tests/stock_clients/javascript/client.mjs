// The AWS SDK for JavaScript v3 against the endpoint of AWS_ENDPOINT_URL. Prints "ok STEP" or
// "not ok STEP: why" for each step.
import assert from "node:assert/strict";
import { LambdaClient, CreateFunctionCommand, InvokeCommand } from "@aws-sdk/client-lambda";
import {
  SFNClient, CreateActivityCommand, CreateStateMachineCommand, DescribeExecutionCommand,
  DescribeStateMachineCommand, GetActivityTaskCommand, GetExecutionHistoryCommand,
  InvalidDefinition, ListTagsForResourceCommand, SendTaskFailureCommand, StartExecutionCommand,
  StateMachineDoesNotExist, StopExecutionCommand, TagResourceCommand, paginateGetExecutionHistory,
  paginateListExecutions, paginateListStateMachines,
} from "@aws-sdk/client-sfn";
import { crc32, deflateRawSync } from "node:zlib";

const settings = { endpoint: process.env.AWS_ENDPOINT_URL, region: "us-east-1", maxAttempts: 1 };
const states = new SFNClient(settings), lambda = new LambdaClient(settings);
const roleArn = "arn:aws:iam::000000000000:role/test";
const shared = {};

// A zip archive of one file.
function zip(name, text) {
  const data = Buffer.from(text), packed = deflateRawSync(data), file = Buffer.from(name);
  const head = Buffer.alloc(26);
  head.writeUInt16LE(20, 0);
  head.writeUInt16LE(8, 4);
  head.writeUInt32LE(0x5a21, 8);
  head.writeUInt32LE(crc32(data), 10);
  head.writeUInt32LE(packed.length, 14);
  head.writeUInt32LE(data.length, 18);
  head.writeUInt16LE(file.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04"), head, file, packed]);
  const central = Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), head, Buffer.alloc(14), file]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

async function closed(executionArn) {
  for (let tries = 0; tries < 600; tries++) {
    const description = await states.send(new DescribeExecutionCommand({ executionArn }));
    if (description.status !== "RUNNING") return description;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${executionArn} does not end`);
}

async function createMachine(name, definition) {
  const made = await states.send(new CreateStateMachineCommand(
    { name, roleArn, definition: JSON.stringify(definition) }));
  assert(made.creationDate instanceof Date);
  return made.stateMachineArn;
}

const steps = {
  async function() {
    const made = await lambda.send(new CreateFunctionCommand({
      FunctionName: "triple-javascript", Runtime: "nodejs20.x", Handler: "index.handler",
      Role: roleArn, Code: { ZipFile: zip("index.js",
        "exports.handler = async (event) => ({ tripled: event.number * 3 });") },
    }));
    shared.functionArn = made.FunctionArn;
    const answer = await lambda.send(new InvokeCommand(
      { FunctionName: made.FunctionArn, Payload: JSON.stringify({ number: 5 }) }));
    assert.deepEqual(JSON.parse(Buffer.from(answer.Payload).toString()), { tripled: 15 });
  },
  async machine() {
    shared.machine = await createMachine("triple-javascript", {
      StartAt: "Triple",
      States: { Triple: { Type: "Task", Resource: shared.functionArn, End: true } },
    });
    const described = await states.send(
      new DescribeStateMachineCommand({ stateMachineArn: shared.machine }));
    assert.equal(described.status, "ACTIVE");
  },
  async execution() {
    for (const number of [1, 2, 3]) {
      const started = await states.send(new StartExecutionCommand({
        stateMachineArn: shared.machine, name: `run-${number}`, input: JSON.stringify({ number }),
      }));
      assert(started.startDate instanceof Date);
      shared.execution = started.executionArn;
      const done = await closed(started.executionArn);
      assert.equal(done.status, "SUCCEEDED");
      assert.deepEqual(JSON.parse(done.output), { tripled: 3 * number });
    }
  },
  async history() {
    const whole = await states.send(
      new GetExecutionHistoryCommand({ executionArn: shared.execution }));
    const types = [];
    const pages = paginateGetExecutionHistory({ client: states, pageSize: 2 },
      { executionArn: shared.execution });
    for await (const page of pages) types.push(...page.events.map((event) => event.type));
    assert.deepEqual(types, whole.events.map((event) => event.type));
    assert.equal(types.at(-1), "ExecutionSucceeded");
  },
  async lists() {
    const names = [], machines = [];
    const executions = paginateListExecutions({ client: states, pageSize: 1 },
      { stateMachineArn: shared.machine });
    for await (const page of executions) names.push(...page.executions.map((item) => item.name));
    assert.deepEqual(names, ["run-3", "run-2", "run-1"]);
    for await (const page of paginateListStateMachines({ client: states, pageSize: 1 }, {})) {
      machines.push(...page.stateMachines.map((item) => item.stateMachineArn));
    }
    assert(machines.includes(shared.machine));
  },
  async errors() {
    await assert.rejects(states.send(new StartExecutionCommand(
      { stateMachineArn: `${shared.machine}-absent` })), StateMachineDoesNotExist);
    await assert.rejects(states.send(new CreateStateMachineCommand(
      { name: "bad", roleArn, definition: "{}" })), InvalidDefinition);
  },
  async stop() {
    const machine = await createMachine("wait-javascript",
      { StartAt: "W", States: { W: { Type: "Wait", Seconds: 600, End: true } } });
    const { executionArn } = await states.send(
      new StartExecutionCommand({ stateMachineArn: machine }));
    await states.send(new StopExecutionCommand({ executionArn, error: "Enough" }));
    assert.equal((await closed(executionArn)).status, "ABORTED");
  },
  async activity() {
    const { activityArn } = await states.send(
      new CreateActivityCommand({ name: "ask-javascript" }));
    const machine = await createMachine("ask-javascript",
      { StartAt: "A", States: { A: { Type: "Task", Resource: activityArn, End: true } } });
    const { executionArn } = await states.send(
      new StartExecutionCommand({ stateMachineArn: machine, input: '{"question":1}' }));
    const task = await states.send(new GetActivityTaskCommand({ activityArn }));
    assert.equal(task.input, '{"question":1}');
    await states.send(new SendTaskFailureCommand(
      { taskToken: task.taskToken, error: "NoIdea", cause: "too hard" }));
    const done = await closed(executionArn);
    assert.deepEqual([done.status, done.error, done.cause], ["FAILED", "NoIdea", "too hard"]);
  },
  async tags() {
    const resourceArn = shared.machine;
    await states.send(new TagResourceCommand(
      { resourceArn, tags: [{ key: "team", value: "blue" }] }));
    const { tags } = await states.send(new ListTagsForResourceCommand({ resourceArn }));
    assert.deepEqual(tags, [{ key: "team", value: "blue" }]);
  },
};

let failed = 0;
for (const [name, step] of Object.entries(steps)) {
  try {
    await step();
    console.log(`ok ${name}`);
  } catch (error) {
    failed++;
    console.log(`not ok ${name}: ${String(error.message ?? error).replaceAll("\n", " ")}`);
  }
}
process.exit(failed ? 1 : 0);
