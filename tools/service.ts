export const STAGES = ['sandbox', 'prod'] as const;
export type Stage = (typeof STAGES)[number];

export const isStage = (text: string | undefined): text is Stage => STAGES.some((stage) => stage === text);

/** The parameters of a stage and what they are in Parameter Store (contract, section 1). */
export const PARAMETERS = { braze_url: 'String', braze_api_key: 'SecureString', node_secret: 'SecureString' } as const;
export type Parameter = keyof typeof PARAMETERS;

export const pathOf = (stage: Stage, parameter: Parameter): string => `/pypestream-braze/${stage}/${parameter}`;

/** The name of the CloudFormation stack, and what the names of its functions and alarms begin with. */
export const stackOf = (stage: Stage): string => `pypestream-braze-${stage}`;
