import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
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

export const App = () => {
  const [state, setState] = useState<State>(
    () => parseFragment(location.hash) ?? createState('track-user', findNode('track-user')),
  );
  const [simulation, setSimulation] = useState<Simulation>();
  const [message, setMessage] = useState('');
  const run = useRef(0);

  const change = (changed: Partial<State>) => setState((current) => ({ ...current, ...changed }));
  const node = findNode(state.node);
  const parsed = useMemo(() => parseInput(state.input), [state.input]);
  const variables = useMemo(() => (parsed.kind === 'json' ? findVariables(parsed.value) : []), [parsed]);

  useEffect(() => {
    if (parsed.kind !== 'json') return;
    run.current += 1;
    const current = run.current;
    const { node: name, routes, decision, ...rest } = state;
    void simulator.run(name, parsed.value, rest).then((result) => {
      // Only the newest result is shown, because an older one may be finished later.
      if (current === run.current) setSimulation(result);
    });
  }, [state, parsed]);

  useEffect(() => {
    if (message === '') return;
    const timer = setTimeout(() => setMessage(''), 4_000);
    return () => clearTimeout(timer);
  }, [message]);

  const choose = (name: string) => {
    const { recipe, variables: samples } = findNode(name);
    change({ node: name, input: recipe, variables: { ...samples, ...state.variables }, routes: '' });
  };
  const setVariable = (name: string, value: string | undefined) => {
    const { [name]: _, ...others } = state.variables;
    change({ variables: value === undefined ? others : { ...others, [name]: value } });
  };
  const restore = async () => {
    run.current += 1;
    const current = run.current;
    const result = await simulator.redeliver();
    if (current === run.current && result !== undefined) setSimulation(result);
  };

  const values = state.decision === 'success' ? node.successValues : node.outcomes;
  const routes = state.routes || suggestRoutes(values);
  const taken = simulation?.answer[state.decision] ?? '';
  const link = `${location.href.replace(/#.*$/, '')}#${toFragment(state)}`;
  const copyLink = () => history.replaceState(null, '', link);

  return (
    <>
      <header>
        <h1>Braze nodes playground</h1>
        <p class="quiet">
          Runs the real nodes against an emulated Braze in this page. Nothing you type leaves your browser.
        </p>
        <CopyButton
          what="link to what you see"
          text={link}
          onCopied={(text) => {
            copyLink();
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
                This is not a JSON object yet, so the results below belong to the last one. {parsed.problem}
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
          </details>
          <fieldset>
            <legend>What comes next in the flow</legend>
            <div class="fields">
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
            </div>
          </fieldset>
        </div>
        {simulation !== undefined && (
          <div class="column">
            <AnswerRegion simulation={simulation} onRestore={restore} />
            <BranchRegion node={state.node} decision={state.decision} values={values} taken={taken} whatNext={routes} />
            <InvalidRegion fields={simulation.invalid} />
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
                'What Next?': routes,
                Variable: node.outputs.filter((name) => name.startsWith('BRAZE_')).join(', '),
              }}
              onCopied={setMessage}
            />
          </div>
        )}
      </main>
      <div class="status" role="status">
        {message}
      </div>
    </>
  );
};
