import { createCipheriv, randomBytes, randomUUID } from 'node:crypto';
import { createFaultQueue } from './fault-queue.ts';
import { isArray, isObject, isText, type Json, type JsonObject, parseJson } from './json.ts';
import { type Answer, type Exchange, startServer } from './server.ts';

export type SsmFault = 'throttled' | 'denied' | 'internal' | 'down' | 'hang' | `slow:${number}`;
export type ParameterType = 'String' | 'SecureString' | 'StringList';

export interface ParameterRead {
  readonly target: string;
  readonly names: readonly string[];
  readonly decrypted: boolean;
  readonly at: number;
}

export interface SsmOptions {
  /** Calls over this rate are answered with ThrottlingException, as by the real token bucket. */
  readonly rate?: { readonly ratePerSecond: number; readonly burst: number };
  readonly now?: () => number;
}

export interface SsmEmulator {
  readonly url: string;
  readonly parameters: {
    put(name: string, value: string, type?: ParameterType): void;
    get(name: string): string | undefined;
    delete(name: string): void;
  };
  /** Every attempt to read, also those that were answered with a fault. */
  readonly reads: readonly ParameterRead[];
  fault(kind: SsmFault, times?: number): void;
  clearFaults(): void;
  close(): Promise<void>;
}

interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly type: ParameterType;
  readonly version: number;
  readonly modified: number;
}

class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly type: string;

  constructor(type: string, message = '') {
    super(message);
    this.type = type;
  }
}

const invalid = (message: string) => new ServiceError('ValidationException', message);

const readText = (input: JsonObject, key: string): string => {
  const value = input[key];
  if (!isText(value)) throw invalid(`Value at '${key}' failed to satisfy constraint: Member must not be null`);
  return value;
};

const readNames = (input: JsonObject): string[] => {
  const names = isArray(input.Names) ? input.Names.filter(isText) : [];
  if (names.length === 0 || names.length > 10) {
    throw invalid("Value at 'names' failed to satisfy constraint: Member must have length between 1 and 10");
  }
  return names;
};

const readType = (value: Json | undefined): ParameterType => {
  if (value === 'String' || value === 'SecureString' || value === 'StringList') return value;
  throw invalid("Value at 'type' failed to satisfy constraint: Member must satisfy enum value set");
};

/** Looks like what KMS returns, and can't be mistaken for the value. */
const encrypted = (text: string): string => {
  const cipher = createCipheriv('aes-256-gcm', randomBytes(32), randomBytes(12));
  return `AQICAH${Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('base64')}`;
};

const toWire = ({ name, value, type, version, modified }: Parameter, decrypt: Json | undefined): JsonObject => ({
  ARN: `arn:aws:ssm:us-east-1:000000000000:parameter/${name.replace(/^\//, '')}`,
  DataType: 'text',
  LastModifiedDate: modified / 1000,
  Name: name,
  Type: type,
  Value: type === 'SecureString' && decrypt !== true ? encrypted(value) : value,
  Version: version,
});

const createStore = (now: () => number) => {
  const stored = new Map<string, Parameter>();

  const put = (name: string, value: string, type: ParameterType): number => {
    const version = (stored.get(name)?.version ?? 0) + 1;
    stored.set(name, { name, value, type, version, modified: now() });
    return version;
  };
  const found = (name: string): Parameter => {
    const parameter = stored.get(name);
    if (!parameter) throw new ServiceError('ParameterNotFound');
    return parameter;
  };

  const operations: Record<string, (input: JsonObject) => JsonObject> = {
    GetParameters: (input) => {
      const names = readNames(input);
      const parameters = names.flatMap((name) => stored.get(name) ?? []);
      return {
        Parameters: parameters.map((parameter) => toWire(parameter, input.WithDecryption)),
        InvalidParameters: names.filter((name) => !stored.has(name)),
      };
    },
    GetParameter: (input) => ({ Parameter: toWire(found(readText(input, 'Name')), input.WithDecryption) }),
    GetParametersByPath: (input) => {
      const path = `${readText(input, 'Path').replace(/\/$/, '')}/`;
      const below = [...stored.values()].filter(
        ({ name }) => name.startsWith(path) && (input.Recursive === true || !name.slice(path.length).includes('/')),
      );
      return { Parameters: below.map((parameter) => toWire(parameter, input.WithDecryption)) };
    },
    DescribeParameters: () => ({
      Parameters: [...stored.values()].map((parameter) => {
        const { Value: _, ...description } = toWire(parameter, false);
        return description;
      }),
    }),
    PutParameter: (input) => {
      const name = readText(input, 'Name');
      const before = stored.get(name);
      if (before && input.Overwrite !== true) {
        throw new ServiceError(
          'ParameterAlreadyExists',
          'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
        );
      }
      const type = before && input.Type === undefined ? before.type : readType(input.Type);
      return { Version: put(name, readText(input, 'Value'), type), Tier: 'Standard' };
    },
    DeleteParameter: (input) => {
      stored.delete(found(readText(input, 'Name')).name);
      return {};
    },
  };

  return { stored, put, operations };
};

const createTokenBucket = ({ rate }: SsmOptions, now: () => number) => {
  let tokens = rate?.burst ?? 0;
  let filled = now();
  return (): boolean => {
    if (!rate) return true;
    tokens = Math.min(rate.burst, tokens + ((now() - filled) / 1000) * rate.ratePerSecond);
    filled = now();
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
};

const toAnswer = (status: number, body: JsonObject): Answer => ({
  status,
  headers: { 'Content-Type': 'application/x-amz-json-1.1', 'x-amzn-RequestId': randomUUID() },
  body: JSON.stringify(body),
});

const toErrorAnswer = ({ type, message }: ServiceError): Answer =>
  toAnswer(type === 'InternalServerError' ? 500 : 400, message ? { __type: type, message } : { __type: type });

const throttled = new ServiceError('ThrottlingException', 'Rate exceeded');
const errorsByFault = new Map<SsmFault, ServiceError>([
  ['throttled', throttled],
  [
    'denied',
    new ServiceError('AccessDeniedException', 'User: emulated is not authorized to perform this operation on ssm'),
  ],
  ['internal', new ServiceError('InternalServerError', 'An error occurred on the server side.')],
]);

/** Speaks the JSON 1.1 protocol of Systems Manager's Parameter Store to the real SDK. */
export const startSsm = async (options: SsmOptions = {}): Promise<SsmEmulator> => {
  const now = options.now ?? (() => Date.now());
  const { stored, put, operations } = createStore(now);
  const takeToken = createTokenBucket(options, now);
  const faults = createFaultQueue<SsmFault>();
  const reads: ParameterRead[] = [];

  const answer = (target: string, input: JsonObject): Answer => {
    if (!takeToken()) return toErrorAnswer(throttled);
    try {
      const operation = Object.hasOwn(operations, target) ? operations[target] : undefined;
      if (!operation) throw new ServiceError('UnknownOperationException');
      return toAnswer(200, operation(input));
    } catch (error) {
      if (error instanceof ServiceError) return toErrorAnswer(error);
      throw error;
    }
  };

  const handle = async ({ received, send, pause, reset }: Exchange) => {
    const [service, target = ''] = String(received.headers['x-amz-target']).split('.');
    const input = parseJson(received.body?.toString() ?? '');
    if (service !== 'AmazonSSM' || !isObject(input))
      return send(toErrorAnswer(new ServiceError('SerializationException')));

    if (target.startsWith('Get')) {
      const named = [input.Name, input.Path, ...(isArray(input.Names) ? input.Names : [])];
      reads.push({ target, names: named.filter(isText), decrypted: input.WithDecryption === true, at: now() });
    }

    const fault = faults.take();
    if (fault === 'hang') return;
    if (fault === 'down') return reset();
    const error = fault && errorsByFault.get(fault);
    if (error) return send(toErrorAnswer(error));
    if (fault?.startsWith('slow:') && !(await pause(Number(fault.slice(5))))) return;
    send(answer(target, input));
  };

  const server = await startServer(1_000_000, handle);
  return {
    url: server.url,
    parameters: {
      put: (name, value, type = 'String') => {
        put(name, value, type);
      },
      get: (name) => stored.get(name)?.value,
      delete: (name) => {
        stored.delete(name);
      },
    },
    reads,
    fault: faults.add,
    clearFaults: faults.clear,
    close: server.close,
  };
};
