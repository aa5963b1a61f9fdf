// A small service as CDK users write one: a function from a folder, a machine that calls it, a
// bucket that tells it of uploads, a role, a schedule, an address.
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, FunctionUrlAuthType, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket, BucketEncryption, EventType } from 'aws-cdk-lib/aws-s3';
import { LambdaDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';

const app = new App();
const stack = new Stack(app, 'Shop', { env: { account: '000000000000', region: 'us-east-1' } });
const greeting = app.node.tryGetContext('greeting') ?? 'Hello';

const greeter = new Function(stack, 'Greeter', {
  runtime: Runtime.NODEJS_22_X,
  handler: 'index.handler',
  code: Code.fromAsset('handler'),
  environment: { GREETING: greeting },
  timeout: Duration.seconds(20),
});
const url = greeter.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });

const inbox = new Bucket(stack, 'Inbox', {
  encryption: BucketEncryption.S3_MANAGED,
  enforceSSL: true,
  versioned: true,
  autoDeleteObjects: true,
  removalPolicy: RemovalPolicy.DESTROY,
});
inbox.addEventNotification(EventType.OBJECT_CREATED, new LambdaDestination(greeter));
inbox.grantRead(greeter);

const machine = new StateMachine(stack, 'Machine', {
  definitionBody: DefinitionBody.fromChainable(
    new LambdaInvoke(stack, 'Greet', { lambdaFunction: greeter, outputPath: '$.Payload' })),
});
const auditor = new Role(stack, 'Auditor', {
  assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
});
machine.grantRead(auditor);
new Rule(stack, 'Nightly', {
  schedule: Schedule.rate(Duration.days(1)),
  targets: [new SfnStateMachine(machine)],
});
new StringParameter(stack, 'Place', {
  parameterName: '/shop/machine',
  stringValue: machine.stateMachineArn,
});

for (const [name, value] of Object.entries({
  Machine: machine.stateMachineArn, Url: url.url, Inbox: inbox.bucketName,
  Greeter: greeter.functionName })) {
  new CfnOutput(stack, `${name}Output`, { value });
}
