exports.handler = async (event) => {
  for (const record of event.Records ?? []) console.log('found', record.s3.object.key);
  const name = (event.queryStringParameters ?? event).name ?? 'nobody';
  return `${process.env.GREETING}, ${name}!`;
};
