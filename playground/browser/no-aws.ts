/** Takes the place of the files that make AWS's clients: the page hands its own SSM and SQS to the runtime. */
const unreachable = (): never => {
  throw new Error('The page has no AWS.');
};

export const createGetParameters = unreachable;
export const createSqs = unreachable;
