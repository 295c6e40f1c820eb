import { styleText } from 'node:util';
import type { LocalStage, LocalStageOptions } from '../../emulators/local-stage.ts';
import { SUCCESS_BY_OUTCOME } from '../../lib/answer.ts';
import { readSettings } from '../../lib/config/env.ts';
import { createHandler } from '../../lib/node/create-handler.ts';
import { createRuntime, type Runtime } from '../../lib/runtime.ts';
import { CliError } from '../cli.ts';
import { toDefinitionName } from '../nodes.ts';
import { toPrintable } from '../printable.ts';
import { STAGE } from './invoke.ts';

/** What Design Studio's columns of an action node hold: Parameter Input, Decision Variable and What Next?. */
export interface ActionNode {
  readonly input: { readonly node: string; readonly [key: string]: unknown };
  readonly decision: 'success' | 'outcome';
  readonly whatNext: { readonly [value: string]: string };
}

/** The routes of all outcomes that have none of their own: every value needs one, or the chat ends. */
export const otherwise = (next: string, routes: { readonly [outcome: string]: string }): ActionNode['whatNext'] => ({
  ...Object.fromEntries(Object.keys(SUCCESS_BY_OUTCOME).map((outcome) => [outcome, next])),
  ...routes,
});

interface Answer {
  readonly [key: string]: string;
}

/** A conversation of one person, as a flow of Design Studio leads it; it prints what each side sees. */
export class Conversation {
  readonly stage: LocalStage;
  /** The action nodes, in the order in which they ran. */
  readonly actions: ActionNode[] = [];
  /** Every line that the functions wrote. */
  readonly log: string[] = [];
  readonly #runtime: Runtime;
  readonly #print: (line: string) => void;
  readonly #variables = new Map<string, string>();
  #userData: { readonly [key: string]: string } = {};
  #holds = true;

  constructor(stage: LocalStage, print: (line: string) => void) {
    this.stage = stage;
    this.#print = print;
    this.#runtime = createRuntime(readSettings(stage.variables), { write: (line) => void this.log.push(line) });
  }

  /** Whether every check has held so far. */
  get holds(): boolean {
    return this.#holds;
  }

  heading(text: string): void {
    this.#print(`\n${styleText(['bold', 'cyan'], text)}`);
  }

  /** What a person sees or does. */
  say(who: 'Braze' | 'page' | 'person' | 'bot', text: string): void {
    this.#print(`  ${who.padEnd(8)}${toPrintable(this.#fill(text))}`);
  }

  /** The chat opens on a page; what the chat knows of the browser becomes `context.user_data`. */
  open(last_viewed_url: string, userData: { readonly [key: string]: string } = {}): void {
    this.#userData = { platform: 'iOS 17.5', browser_language: 'en-GB', ...userData, last_viewed_url };
    this.say('page', last_viewed_url);
  }

  /** A question, and the answer as the person types it, which the flow keeps in a variable. */
  ask(question: string, answer: string, variable: string): void {
    this.say('bot', question);
    this.say('person', answer);
    this.set(variable, answer);
  }

  set(variable: string, value: string): void {
    this.#variables.set(variable, value);
  }

  get(variable: string): string {
    return this.#variables.get(variable) ?? '';
  }

  /** Runs an action node, keeps the keys of its answer as variables, and returns where the flow goes next. */
  async act(action: ActionNode): Promise<string> {
    this.actions.push(action);
    const { input, decision, whatNext } = action;
    const { [toDefinitionName(input.node)]: definition } = await import(`../../handlers/${input.node}.ts`);
    const handler: (event: unknown) => Promise<unknown> = createHandler(definition, this.#runtime);
    const payload = JSON.parse(JSON.stringify(input), (_, value) =>
      typeof value === 'string' ? this.#fill(value) : value,
    );
    const answer = (await handler({ payload, context: { env: STAGE, user_data: this.#userData } })) as Answer;
    for (const [key, value] of Object.entries(answer)) if (key.startsWith('BRAZE_')) this.set(key, value);
    const value = answer[decision] ?? '';
    const next = whatNext[value];
    // A value without a route ends the chat in Pypestream.
    if (next === undefined) throw new CliError(`${input.node} answered ${decision} "${value}", which has no route.`);
    this.#print(
      `  ${styleText('dim', `action  ${input.node}: ${decision} "${value}", so the flow goes to <${next}>`)}`,
    );
    return next;
  }

  /** What must hold at the end. */
  check(claim: string, holds: boolean): void {
    this.#holds &&= holds;
    this.#print(`${holds ? styleText('green', '✓') : styleText('red', '✗')} ${claim}`);
  }

  #fill(text: string): string {
    return text.replace(/\{([A-Z][A-Z0-9_]*)\}/g, (placeholder, name) => this.#variables.get(name) ?? placeholder);
  }
}

/** A use case of the partner page: who is in Braze to begin with, and the conversation. */
export interface UseCase {
  readonly title: string;
  readonly stage: LocalStageOptions;
  readonly run: (chat: Conversation) => Promise<void>;
}
