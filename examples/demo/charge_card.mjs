// A Lambda function: charges a card, through a service that is busy at first.
class CardServiceBusy extends Error {}
class CardDeclined extends Error {}

// Step Functions matches Retry and Catch against an error's name.
const named = (error) => Object.assign(error, { name: error.constructor.name });

export const handler = async ({ card, attempt }) => {
  if (card.endsWith("0000")) throw named(new CardDeclined(`card ${card}`));
  if (attempt < 2) throw named(new CardServiceBusy(`attempt ${attempt}`));
  return { receipt: `R-${card.slice(-4)}` };
};
