import type { ComponentChildren } from 'preact';
import { parseRoutes, suggestRoutes } from './design-studio.ts';
import { Region } from './inputs.tsx';

interface BranchProps {
  readonly node: string;
  readonly decision: string;
  /** Every value that the decision variable can take. */
  readonly values: readonly string[];
  readonly taken: string;
  /** Empty where no routes are entered yet. */
  readonly whatNext: string;
  /** The controls for the decision variable and the routes. */
  readonly children: ComponentChildren;
}

/** The flow after the node: its routes, the one that is taken, and the values that have none. */
export const BranchRegion = ({ node, decision, values, taken, whatNext, children }: BranchProps) => {
  const routes = parseRoutes(whatNext || suggestRoutes(values));
  const targets = new Map(routes.map(({ value, target }) => [value, target]));
  const missing = values.filter((value) => !targets.has(value));
  const foreign = routes.filter(({ value }) => !values.includes(value));
  return (
    <Region title="Branch" class={missing.length > 0 ? 'warn' : ''}>
      <div class="fields routes">{children}</div>
      <div class="flow">
        <div class="step">{node}</div>
        <ul>
          {values.map((value) => {
            const target = targets.get(value);
            const isTaken = value === taken;
            return (
              <li key={value} class={isTaken ? 'taken' : ''} aria-current={isTaken ? 'step' : undefined}>
                <span class="value">{value}</span>
                <span class="arrow" aria-hidden="true" />
                <span class={target === undefined ? 'target none' : 'target'}>{target ?? 'no route'}</span>
              </li>
            );
          })}
        </ul>
      </div>
      <p>
        <code>{decision}</code> is <strong>{taken}</strong>
        {whatNext === ''
          ? '. Write into What Next? where the conversation goes on for each value.'
          : targets.has(taken)
            ? `: the conversation goes on at “${targets.get(taken)}”.`
            : ': there is no route, so the chat ends with an error.'}
      </p>
      {missing.length > 0 && (
        <p role="note">
          No route for {missing.join(', ')}. A value without a route ends the chat with an error; add it to What Next?.
        </p>
      )}
      {foreign.length > 0 && (
        <p class="quiet">This node never answers {foreign.map(({ value }) => value).join(', ')}.</p>
      )}
    </Region>
  );
};
