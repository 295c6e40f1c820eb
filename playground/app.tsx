import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { JsonObject } from '../lib/json.ts';
import { BranchRegion } from './branch.tsx';
import { suggestRoutes } from './design-studio.ts';
import { DesignStudioRegion } from './design-studio-region.tsx';
import { Editor } from './editor.tsx';
import { Choice, CopyButton, TextField, VariableField } from './inputs.tsx';
import { findNode, NODE_NAMES } from './nodes.ts';
import { AnswerRegion, CleanedRegion, InvalidRegion, ProfileRegion, RequestRegion } from './results.tsx';
import { createSimulator } from './simulate.ts';
import type { Simulation } from './simulation.ts';
import { BRAZE_MODES, createState, parseFragment, type State, toFragment } from './state.ts';
import { findVariables, parseInput } from './variables.ts';

/** A page with a text box for each of thousands of variables would stop answering. */
const MAX_VARIABLES = 100;

const PLATFORMS = ['iOS 18', 'Android 15', 'Mac OS X10_14_4', 'Windows NT 10.0', 'Linux x86_64'];
const LANGUAGES = ['en-GB', 'fr-FR', 'de-DE', 'es-ES', 'pt-BR', 'ja-JP'];
const simulator = createSimulator();

/** What the page shows at first: the state in its link, else the use case of the partner page. */
const readLink = (): { readonly state: State; readonly problem: string } => {
  const start = createState('track-user', findNode('track-user'));
  const state = parseFragment(location.hash);
  if (state === undefined)
    return { state: start, problem: location.hash === '' ? '' : 'The link holds nothing usable.' };
  if (NODE_NAMES.includes(state.node)) return { state, problem: '' };
  return { state: { ...state, node: start.node }, problem: 'The node of the link does not exist here.' };
};

export const App = () => {
  const [link] = useState(readLink);
  const [state, setState] = useState(link.state);
  const [simulation, setSimulation] = useState<Simulation>();
  const [message, setMessage] = useState(link.problem);
  const lastValid = useRef<JsonObject>({});
  const run = useRef(0);

  const change = (changed: Partial<State>) => setState((current) => ({ ...current, ...changed }));
  const node = findNode(state.node);
  const parsed = useMemo(() => parseInput(state.input), [state.input]);
  // While the input is broken, the variables stay, with what was typed into them.
  if (parsed.kind === 'json') lastValid.current = parsed.value;
  const variables = useMemo(() => findVariables(lastValid.current), [lastValid.current]);

  /** Shows a result, unless a newer one was asked for in the meantime. */
  const show = async (result: Promise<Simulation | undefined>) => {
    run.current += 1;
    const current = run.current;
    const finished = await result;
    if (current === run.current && finished !== undefined) setSimulation(finished);
  };

  // The routes change nothing of the call, and must not undo that Braze was brought back.
  const { node: name, input, routes, decision, ...conditions } = state;
  useEffect(() => {
    if (parsed.kind === 'json') void show(simulator.run(name, parsed.value, conditions));
  }, [name, parsed, ...Object.values(conditions)]);

  useEffect(() => {
    const open = () => {
      const { state: linked, problem } = readLink();
      if (problem === '') setState(linked);
      setMessage(problem);
    };
    addEventListener('hashchange', open);
    return () => removeEventListener('hashchange', open);
  }, []);

  useEffect(() => {
    if (message === '') return;
    const timer = setTimeout(() => setMessage(''), 4_000);
    return () => clearTimeout(timer);
  }, [message]);

  const choose = (chosen: string) => {
    const { recipe, variables: samples } = findNode(chosen);
    change({ node: chosen, input: recipe, variables: { ...samples, ...state.variables }, routes: '' });
  };
  const setVariable = (variable: string, value: string | undefined) => {
    const { [variable]: _, ...others } = state.variables;
    change({ variables: value === undefined ? others : { ...others, [variable]: value } });
  };

  const values = state.decision === 'success' ? node.successValues : node.outcomes;
  const taken = simulation?.answer[state.decision] ?? '';
  const address = `${location.href.replace(/#.*$/, '')}#${toFragment(state)}`;

  return (
    <>
      <header>
        <h1>Braze nodes playground</h1>
        <p class="quiet">
          Runs the real nodes against an emulated Braze in this page. Nothing you type leaves your browser.
        </p>
        <CopyButton
          what="link to what you see"
          text={address}
          onCopied={(text) => {
            history.replaceState(null, '', address);
            setMessage(`${text} It holds everything you typed, personal data included.`);
          }}
        >
          Copy link
        </CopyButton>
      </header>
      <main>
        <div class="column">
          <div class="region">
            <div class="fields">
              <Choice label="Node" value={state.node} options={NODE_NAMES} onChange={choose} />
              <Choice
                label="Braze"
                value={state.braze}
                options={BRAZE_MODES}
                onChange={(value) => change({ braze: BRAZE_MODES.find((mode) => mode === value) ?? 'well' })}
              />
            </div>
            <p class="quiet">{node.description}</p>
          </div>
          <div class="region">
            <div class="line">
              <h2>Parameter Input</h2>
              <button
                type="button"
                onClick={() => change({ input: node.recipe, variables: { ...node.variables, ...state.variables } })}
              >
                Start from the recipe
              </button>
            </div>
            <Editor value={state.input} schema={node.schema} onChange={(input) => change({ input })} />
            {parsed.kind === 'broken' && (
              <p class="problem" role="alert">
                This is not a JSON object yet: {parsed.problem}
              </p>
            )}
          </div>
          <fieldset>
            <legend>Variables of the flow</legend>
            {variables.length === 0 && (
              <p class="quiet">
                None. Write <code>{'"{FIRST_NAME}"'}</code> in the Parameter Input to use an answer.
              </p>
            )}
            <div class="fields">
              {variables.slice(0, MAX_VARIABLES).map((name) => (
                <VariableField
                  key={name}
                  name={name}
                  value={Object.hasOwn(state.variables, name) ? state.variables[name] : undefined}
                  onChange={(value) => setVariable(name, value)}
                />
              ))}
            </div>
            {variables.length > MAX_VARIABLES && (
              <p class="quiet">{variables.length - MAX_VARIABLES} more variables are not shown and stay unfilled.</p>
            )}
          </fieldset>
          <fieldset>
            <legend>Chat</legend>
            <div class="fields">
              <TextField
                label="Platform"
                value={state.platform}
                suggestions={PLATFORMS}
                onChange={(platform) => change({ platform })}
              />
              <TextField
                label="Browser language"
                value={state.language}
                suggestions={LANGUAGES}
                onChange={(language) => change({ language })}
              />
              <TextField label="Page" value={state.page} onChange={(page) => change({ page })} />
              <TextField
                label="Opened by the signed link of"
                value={state.linkedId}
                placeholder="nobody"
                onChange={(linkedId) => change({ linkedId })}
              />
            </div>
          </fieldset>
          <fieldset>
            <legend>Settings of the stage</legend>
            <div class="fields">
              <TextField
                label="Default country"
                value={state.country}
                placeholder="not set"
                onChange={(country) => change({ country })}
              />
              <Choice
                label="Date order"
                value={state.dateOrder}
                options={[{ value: '', text: 'not set' }, 'DMY', 'MDY']}
                onChange={(dateOrder) => change({ dateOrder })}
              />
            </div>
          </fieldset>
          <details>
            <summary>The profile in Braze before the call</summary>
            <label for="before" class="quiet">
              A list of user attributes objects, as users/track takes them
            </label>
            <textarea
              id="before"
              rows={8}
              spellcheck={false}
              value={state.before}
              onInput={(event) => change({ before: event.currentTarget.value })}
            />
            {simulation?.profilesProblem && (
              <p class="problem" role="alert">
                Braze would not take this, so it holds nobody: {simulation.profilesProblem}
              </p>
            )}
          </details>
        </div>
        {simulation === undefined ? (
          <p class="quiet">The results appear when the Parameter Input is a JSON object.</p>
        ) : (
          <div class="column">
            {parsed.kind === 'broken' && <p class="problem">These results belong to the last JSON object.</p>}
            <AnswerRegion simulation={simulation} onRestore={() => show(simulator.redeliver())} />
            <InvalidRegion fields={simulation.invalid} />
            <BranchRegion
              node={state.node}
              decision={state.decision}
              values={values}
              taken={taken}
              whatNext={state.routes}
            >
              <Choice
                label="Decision Variable"
                value={state.decision}
                options={['success', 'outcome']}
                onChange={(decision) =>
                  change({ decision: decision === 'outcome' ? 'outcome' : 'success', routes: '' })
                }
              />
              <TextField
                label="What Next?"
                value={state.routes}
                placeholder={suggestRoutes(values)}
                onChange={(text) => change({ routes: text })}
              />
            </BranchRegion>
            <CleanedRegion values={simulation.cleaned} />
            <RequestRegion requests={simulation.requests} onCopied={setMessage} />
            <ProfileRegion before={simulation.before} after={simulation.after} />
            <DesignStudioRegion
              columns={{
                'Node Type': 'A',
                'Node Name': state.node,
                Command: 'BrazeNode',
                Description: node.description,
                Output: node.outputs.join(', '),
                'Parameter Input':
                  parsed.kind === 'json'
                    ? JSON.stringify({ ...parsed.value, node: state.node }, undefined, 2)
                    : state.input,
                'Decision Variable': state.decision,
                'What Next?': state.routes || suggestRoutes(values),
                Variable: node.outputs.filter((name) => name.startsWith('BRAZE_')).join(', '),
              }}
              onCopied={setMessage}
            />
          </div>
        )}
      </main>
      {simulation !== undefined && (
        <button type="button" class="jump" onClick={() => document.querySelector('.answer')?.scrollIntoView()}>
          Answer: {simulation.answer.outcome}
        </button>
      )}
      <div class="status" role="status">
        {message}
      </div>
    </>
  );
};
