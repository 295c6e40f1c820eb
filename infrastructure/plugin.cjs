// What the Serverless Framework does not do by itself: reject invalid params, make small zips that Lambda can read, and
// say what a removed stage leaves behind.
const { dirname } = require('node:path');
const { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } = require('@aws-sdk/client-sqs');
const { findProblems } = require('./params.cjs');

/** The copy that serverless-esbuild loads. */
const archiver = require(require.resolve('archiver', { paths: [dirname(require.resolve('serverless-esbuild'))] }));

/** Read by everybody, written by the owner: Lambda runs as another user than the one who packages. */
const UMASK = 0o022;
/** archiver's default is the fastest, which makes zips a sixth larger. serverless-esbuild has no option for it. */
const ZIP_OPTIONS = { zlib: { level: 9 } };

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
];

module.exports = class Plugin {
  #serverless;
  #log;
  #umask;
  #createArchive;

  constructor(serverless, { param = [] }, { log }) {
    this.#serverless = serverless;
    this.#log = log;
    const prepareZips = () => {
      this.#umask = process.umask(UMASK);
      this.#createArchive = archiver.create;
      archiver.create = (format) => this.#createArchive(format, ZIP_OPTIONS);
    };
    const restore = () => {
      process.umask(this.#umask);
      archiver.create = this.#createArchive;
    };
    this.hooks = {
      'before:package:initialize': () => this.#checkParams(param),
      'before:package:createDeploymentArtifacts': prepareZips,
      'after:package:createDeploymentArtifacts': restore,
      'before:deploy:function:packageFunction': prepareZips,
      'after:deploy:function:packageFunction': restore,
      'before:remove:remove': () => this.#warnAboutQueues(),
    };
  }

  #checkParams(given) {
    const problems = findProblems(this.#serverless.service.custom.params, given);
    if (problems.length > 0) throw new this.#serverless.classes.Error(problems.join('\n'), 'INVALID_PARAM');
  }

  async #warnAboutQueues() {
    const provider = this.#serverless.getProvider('aws');
    const stack = `${this.#serverless.service.service}-${provider.getStage()}`;
    const sqs = new SQSClient(await provider.getAwsSdkV3Config());
    for (const queue of ['undelivered', 'dead-letters']) {
      const QueueName = `${stack}-${queue}`;
      try {
        const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
        const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: COUNTS }));
        const waiting = COUNTS.reduce((sum, name) => sum + Number(Attributes[name]), 0);
        if (waiting === 0) this.#log.notice(`The queue ${QueueName} stays; it is empty.`);
        else {
          this.#log.warning(
            `The queue ${QueueName} stays, with about ${waiting} messages. Nothing sends them any more; after 14 days ` +
              'they are deleted. docs/operations.md, "Removing a stage", says how to save them.',
          );
        }
      } catch (error) {
        this.#log.warning(`The queue ${QueueName} could not be checked (${error.name}). If it exists, it stays.`);
      }
    }
  }
};
