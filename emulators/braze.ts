import type { IncomingHttpHeaders } from 'node:http';
import { type Result, toAnswer } from './braze/answer.ts';
import type { Dropped } from './braze/endpoint.ts';
import { applyFault, type Fault } from './braze/fault.ts';
import { BODY_LIMIT, keyOf, processRequest } from './braze/gateway.ts';
import type { Identifier } from './braze/identifier.ts';
import { type Profile, toProfile } from './braze/profile.ts';
import { createRateLimits } from './braze/rate-limit.ts';
import { defaults, type MessageStatus, type Settings } from './braze/settings.ts';
import { Workspace } from './braze/workspace.ts';
import { type Json, parseJson } from './json.ts';
import { createFaultQueue, type Exchange, type Received, startServer } from './server.ts';

export type { Dropped } from './braze/endpoint.ts';
export { type Fault, isFault, parseFault } from './braze/fault.ts';
export type { Identifier } from './braze/identifier.ts';
export type { Profile } from './braze/profile.ts';
export type { MessageStatus, Permission } from './braze/settings.ts';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  /** Without the question mark; Braze ignores it. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly json: Json | undefined;
  readonly at: number;
  /** Undefined while, or because, it was not answered. */
  readonly status: number | undefined;
  /** Whether Braze took it in, whatever it answered. */
  readonly processed: boolean;
  /** The values that Braze would take with success and not keep. */
  readonly dropped: readonly Dropped[];
}

export interface BrazeOptions extends Partial<Settings> {
  readonly apiKey?: string;
  /** Every answer comes this much later. */
  readonly latencyMs?: number;
  readonly now?: () => number;
}

export interface BrazeEmulator {
  readonly url: string;
  /** May be changed: the key before is then unknown. */
  apiKey: string;
  readonly requests: readonly ReceivedRequest[];
  readonly profiles: readonly Profile[];
  /** The messages that can be triggered; may be changed. */
  readonly canvases: Record<string, MessageStatus>;
  readonly campaigns: Record<string, MessageStatus>;
  /** The profile that users/track would take for the identifier. */
  profile(identifier: Identifier): Profile | undefined;
  /** Applies to the next requests; without a number of times, until the faults are cleared. */
  fault(fault: Fault, times?: number): void;
  clearFaults(): void;
  /** Forgets people, requests and faults; the key and the messages stay. */
  reset(): void;
  close(): Promise<void>;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

const recordOf = ({ method, path, query, headers, body }: Received, at: number): Writable<ReceivedRequest> => {
  const text = body?.toString() ?? '';
  const json = parseJson(text);
  return { method, path, query, headers, body: text, json, at, status: undefined, processed: false, dropped: [] };
};

/** A Braze with one empty workspace, on a free port of this machine. */
export const startBraze = async (options: BrazeOptions = {}): Promise<BrazeEmulator> => {
  const { apiKey = 'emulated-key', latencyMs = 0, now = Date.now, ...settings } = options;
  const canvases = { ...settings.canvases };
  const campaigns = { ...settings.campaigns };
  const workspace = new Workspace(now);
  const faults = createFaultQueue<Fault>();
  const count = createRateLimits(now);
  const requests: ReceivedRequest[] = [];

  const handle = async (exchange: Exchange) => {
    const { received } = exchange;
    const record = recordOf(received, now());
    requests.push(record);

    const call = {
      workspace,
      settings: { ...defaults, ...settings, canvases, campaigns },
      now: now(),
      drop: (path: string, why: string) => {
        record.dropped = [...record.dropped, { path, why }];
      },
    };
    const process = (refusing: 'nothing' | 'first' | 'all' = 'nothing'): Result => {
      const result = processRequest(received, { apiKey: braze.apiKey, count, call: { ...call, refusing } });
      record.processed = result.status < 300;
      return result;
    };
    const answer = async (result: Result) => {
      if (latencyMs > 0 && !(await exchange.pause(latencyMs))) return;
      record.status = result.status;
      exchange.send(toAnswer(result));
    };

    const fault = faults.take();
    if (fault === undefined) return answer(process());
    await applyFault(fault, { exchange, now: now(), key: keyOf(received).key, process, answer });
  };

  const server = await startServer(BODY_LIMIT, handle);
  const braze: BrazeEmulator = {
    url: server.url,
    apiKey,
    requests,
    canvases,
    campaigns,
    get profiles() {
      return workspace.all.map(toProfile);
    },
    profile: (identifier) => {
      const found = workspace.find(identifier);
      return found && toProfile(found);
    },
    fault: faults.add,
    clearFaults: faults.clear,
    reset: () => {
      workspace.clear();
      faults.clear();
      requests.length = 0;
    },
    close: server.close,
  };
  return braze;
};
