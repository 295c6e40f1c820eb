import { styleText } from 'node:util';
import { type JsonObject, parseJson } from '../../emulators/json.ts';
import type { LocalStage } from '../../emulators/local-stage.ts';
import { toPrintable } from '../printable.ts';
import type { Step } from './flow.ts';
import { createLocalHandler, STAGE } from './invoke.ts';
import { toHeading, toMark } from './report.ts';

interface Variables {
  readonly [name: string]: string;
}

/** A conversation of one person, led by a flow of Design Studio; it prints what each side sees. */
export class Conversation {
  readonly stage: LocalStage;
  /** Every line that the functions wrote. */
  readonly log: string[] = [];
  readonly #flow: ReadonlyMap<string, Step>;
  readonly #print: (line: string) => void;
  readonly #said = new Set<string>();
  #variables: Variables = {};
  #userData: Variables = {};
  #holds = true;

  constructor(stage: LocalStage, flow: ReadonlyMap<string, Step>, print: (line: string) => void) {
    this.stage = stage;
    this.#flow = flow;
    this.#print = print;
  }

  /** Whether every check has held so far. */
  get holds(): boolean {
    return this.#holds;
  }

  heading(text: string): void {
    this.#print(toHeading(text));
  }

  /** What a person sees or does. */
  say(who: 'Braze' | 'page' | 'person' | 'bot', text: string): void {
    const said = this.#fill(text);
    this.#said.add(said);
    this.#print(`  ${who.padEnd(8)}${toPrintable(said)}`);
  }

  hasSaid(text: string): boolean {
    return this.#said.has(text);
  }

  /** The chat opens on a page, which may fill variables; what the chat knows of the browser is `context.user_data`. */
  open(last_viewed_url: string, variables: Variables = {}): void {
    this.#variables = variables;
    this.#userData = {
      platform: 'iOS 17.5',
      browser_language: 'en-GB',
      user_browser: 'Mobile Safari 17',
      last_viewed_url,
    };
    this.say('page', last_viewed_url);
  }

  /**
   * Goes through the flow with the person's answers, by the variables that keep them. `typed` stands beside every
   * Parameter Input. Returns the numbers of the steps.
   */
  async run(
    answers: Variables,
    { from = '1', typed = {} }: { readonly from?: string; readonly typed?: JsonObject } = {},
  ): Promise<readonly string[]> {
    const path: string[] = [];
    for (let at = from; at !== 'end'; ) {
      path.push(at);
      const step = this.#flow.get(at);
      const values = step === undefined ? [] : await this.#take(step, answers, typed);
      const next = [...values, 'else'].map((value) => step?.routes[value]).find((route) => route !== undefined);
      // A value without a route ends the chat in Pypestream.
      if (next === undefined) throw new Error(`Step ${at} has no route for ${values.join(', ')}.`);
      at = next;
    }
    return path;
  }

  /** What must hold at the end. */
  check(claim: string, holds: boolean): void {
    this.#holds &&= holds;
    this.#print(`${toMark(holds)} ${claim}`);
  }

  /** Takes a step, and returns the values that its routes may be named by. */
  async #take(step: Step, answers: Variables, typed: JsonObject): Promise<readonly string[]> {
    const { kind, text, variable, input } = step;
    if (kind === 'BrazeNode') return this.#act({ ...input, ...typed });
    if (kind === 'decision') return [this.#variables[variable] ?? ''];
    this.say('bot', text);
    if (kind === 'text') return [];
    const answer = answers[variable] ?? '';
    this.say('person', answer);
    this.#variables = { ...this.#variables, [variable]: answer };
    return [answer.split(/\W/, 1).join('').toLowerCase()];
  }

  /** Runs an action node, and keeps the keys of its answer as variables. */
  async #act(input: JsonObject): Promise<readonly string[]> {
    const node = String(input.node);
    const handler = await createLocalHandler(node, this.stage, (line) => void this.log.push(line));
    const filled = JSON.stringify(input, (_, value) => (typeof value === 'string' ? this.#fill(value) : value));
    const answer = await handler({ payload: parseJson(filled), context: { env: STAGE, user_data: this.#userData } });
    if ('statusCode' in answer) throw new Error(`${node} took the event for an HTTP request.`);
    const { success, outcome, ...values } = answer;
    this.#variables = { ...this.#variables, ...values };
    this.#print(`  ${styleText('dim', `action  ${node}: outcome "${outcome}", success "${success}"`)}`);
    return [outcome, success];
  }

  #fill(text: string): string {
    return text.replace(/\{([A-Z][A-Z0-9_]*)\}/g, (placeholder, name) => this.#variables[name] ?? placeholder);
  }
}
