import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Json, JsonObject } from '../lib/json.ts';
import { CopyButton, Region } from './inputs.tsx';
import type { CleanedValue, InvalidField, ObservedRequest, Simulation } from './simulation.ts';

/** A page that shows every value of a large payload would stop answering. */
const MAX_ROWS = 200;
const MAX_CHARACTERS = 20_000;

const toText = (value: Json | undefined): string => {
  const text = JSON.stringify(value, undefined, 2) ?? '';
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}\n… (${text.length} characters)` : text;
};

const shorten = (text: string): string =>
  text.length > 200 ? `${text.slice(0, 200)}… (${text.length} characters)` : text;

interface LabelledProps {
  readonly label: string;
  readonly children: ComponentChildren;
}

/** A part that scrolls can be reached by keyboard. It is a group, because the regions are those of the whole page. */
export const Scrollable = ({ label, children }: LabelledProps) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
  // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls
  <div class="scroll" role="group" tabIndex={0} aria-label={label}>
    {children}
  </div>
);

const Code = ({ label, children }: LabelledProps) => (
  <Scrollable label={label}>
    <pre>
      <code>{children}</code>
    </pre>
  </Scrollable>
);

/** A path that breaks after its dots where it has to. */
const Path = ({ children }: { readonly children: string }) => (
  <code class="path">
    {shorten(children)
      .split(/(?<=\.)/)
      .map((part) => [part, <wbr key={part} />])}
  </code>
);

export const CleanedRegion = ({ values }: { readonly values: readonly CleanedValue[] }) => (
  <Region title="Cleaned">
    {values.length === 0 && <p class="quiet">The payload holds no values yet.</p>}
    {values.length > 0 && (
      <Scrollable label="Each field, as it arrives and as the node reads it">
        <table class="cleaned">
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">As it arrives</th>
              <th scope="col">As the node reads it</th>
            </tr>
          </thead>
          <tbody>
            {values.slice(0, MAX_ROWS).map(({ path, raw, value, isInvalid }) => (
              <tr key={path} class={isInvalid ? 'unusable' : value === raw ? '' : 'changed'}>
                <th scope="row">
                  <Path>{path}</Path>
                </th>
                <td>
                  <code>{shorten(raw)}</code>
                </td>
                <td>
                  {value === undefined ? <em>{isInvalid ? 'unusable' : 'absent'}</em> : <code>{shorten(value)}</code>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrollable>
    )}
    {values.length > MAX_ROWS && <p class="quiet">{values.length - MAX_ROWS} more fields are not shown.</p>}
  </Region>
);

export const InvalidRegion = ({ fields }: { readonly fields: readonly InvalidField[] }) => (
  <Region title="Unusable fields" class={fields.length > 0 ? 'warn' : ''}>
    {fields.length === 0 && <p class="quiet">None. Every field that was given can be used.</p>}
    {fields.length > 0 && (
      <ul class="invalid">
        {fields.slice(0, MAX_ROWS).map(({ path, reason, accepted }) => (
          <li key={path}>
            <Path>{path}</Path>: {reason}
            {accepted !== undefined && <div class="quiet">Usable: {accepted}</div>}
          </li>
        ))}
      </ul>
    )}
    {fields.length > MAX_ROWS && <p class="quiet">{fields.length - MAX_ROWS} more are not shown.</p>}
  </Region>
);

/** A command that repeats the request, with a placeholder in place of the API key. */
const toCurl = ({ method, path, body }: ObservedRequest): string => {
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const parts = [
    `curl -X ${method} ${quote(`https://rest.iad-01.braze.com${path}`)}`,
    `-H "Authorization: Bearer $BRAZE_API_KEY"`,
  ];
  if (body !== undefined) parts.push(`-H 'Content-Type: application/json'`, `--data ${quote(JSON.stringify(body))}`);
  return parts.join(' \\\n  ');
};

interface RequestProps {
  readonly requests: readonly ObservedRequest[];
  readonly onCopied: (message: string) => void;
}

export const RequestRegion = ({ requests, onCopied }: RequestProps) => {
  const request = requests.at(-1);
  return (
    <Region title="Request">
      {request === undefined && <p class="quiet">Nothing is sent to Braze.</p>}
      {request !== undefined && (
        <>
          <div class="line">
            <code>
              {request.method} {request.path}
            </code>
            <CopyButton what="as curl, without the key" text={toCurl(request)} onCopied={onCopied}>
              Copy as curl
            </CopyButton>
          </div>
          {requests.length > 1 && <p class="quiet">Tried {requests.length} times; the last attempt is shown.</p>}
          {request.body !== undefined && <Code label="Body of the request">{toText(request.body)}</Code>}
          <p>
            Braze answered: <strong>{request.answered}</strong>
            {request.notes.length > 0 && '. It would not keep all of this:'}
          </p>
          {request.notes.length > 0 && (
            <ul class="invalid">
              {request.notes.slice(0, MAX_ROWS).map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          )}
        </>
      )}
    </Region>
  );
};

interface ProfileProps {
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
}

interface ProfileTextProps {
  readonly label: string;
  readonly profile: JsonObject | undefined;
  readonly other: JsonObject | undefined;
  readonly mark: 'ins' | 'del';
}

/** A profile with the lines marked that the other one does not have. */
const ProfileText = ({ label, profile, other, mark: Mark }: ProfileTextProps) => {
  if (profile === undefined) return <p class="quiet">Braze knows nobody.</p>;
  const lines = toText(profile).split('\n');
  const withoutComma = (line: string) => line.replace(/,$/, '');
  const others = new Set(toText(other).split('\n').map(withoutComma));
  return (
    <Code label={label}>
      {lines.map((line, index) => [
        index > 0 && '\n',
        others.has(withoutComma(line)) ? line : <Mark key={line}>{line}</Mark>,
      ])}
    </Code>
  );
};

export const ProfileRegion = ({ before, after }: ProfileProps) => (
  <Region title="Profile">
    <div class="halves">
      <div>
        <h3>Before</h3>
        <ProfileText label="Profile before" profile={before} other={after} mark="del" />
      </div>
      <div>
        <h3>After</h3>
        <ProfileText label="Profile after" profile={after} other={before} mark="ins" />
      </div>
    </div>
  </Region>
);

interface AnswerProps {
  readonly simulation: Simulation;
  readonly onRestore: () => void;
}

const countRequests = (count: number): string => (count === 1 ? '1 request' : `${count} requests`);

export const AnswerRegion = ({ simulation, onRestore }: AnswerProps) => {
  const { answer, undelivered, deadLetters, isRedelivered, waitedMs } = simulation;
  const arrived = useRef<HTMLParagraphElement>(null);
  // The button that was pressed is gone, and the keyboard must not begin again at the top of the page.
  useEffect(() => arrived.current?.focus(), [isRedelivered]);
  return (
    <Region title="Answer" class={`answer ${answer.success ?? ''}`}>
      <dl aria-live="polite">
        {Object.entries(answer).map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>
              <code>{shorten(value)}</code>
            </dd>
          </div>
        ))}
      </dl>
      {waitedMs >= 500 && <p class="quiet">The person in the chat waits {(waitedMs / 1_000).toFixed(1)} seconds.</p>}
      {undelivered > 0 && (
        <div class="queue">
          <p>The undelivered queue holds {countRequests(undelivered)}.</p>
          <button type="button" onClick={onRestore}>
            Braze is back
          </button>
        </div>
      )}
      {isRedelivered && undelivered === 0 && (
        <p ref={arrived} tabIndex={-1}>
          Braze is back, and what waited was sent. The conversation had gone on with this answer.
        </p>
      )}
      {deadLetters > 0 && <p>The dead-letter queue holds {countRequests(deadLetters)}, for the operator to decide.</p>}
    </Region>
  );
};
