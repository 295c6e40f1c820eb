import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json, jsonParseLinter } from '@codemirror/lang-json';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, linter, lintKeymap } from '@codemirror/lint';
import { Annotation, EditorState } from '@codemirror/state';
import {
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  hoverTooltip,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import {
  getJSONSchema,
  jsonCompletion,
  jsonSchemaHover,
  jsonSchemaLinter,
  stateExtensions,
  updateSchema,
} from 'codemirror-json-schema';
import type { JSONSchema7 } from 'json-schema';
import { useEffect, useRef } from 'preact/hooks';
import { describeField, toPlainProblem } from './schema-at.ts';

/** Above this the checks of the JSON Schema would be felt while typing; JSON itself is still checked. */
const MAX_CHECKED_CHARACTERS = 50_000;

const highlighting = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--json-key)' },
  { tag: tags.string, color: 'var(--json-text)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--json-value)' },
]);

const lintSchema = jsonSchemaLinter();
const checkSchema = (view: EditorView): readonly Diagnostic[] => {
  if (view.state.doc.length > MAX_CHECKED_CHARACTERS) return [];
  const schema = getJSONSchema(view.state) ?? {};
  return lintSchema(view).map(({ from, to, severity, message }) => {
    return { from, to, severity, message: toPlainProblem(schema, message) };
  });
};

/** What the key under the pointer takes. */
const hover: Parameters<typeof hoverTooltip>[0] = (view, pos, side) =>
  jsonSchemaHover({
    getHoverTexts: ({ pointer }) => {
      const path = pointer.slice(1).replaceAll('/', '.');
      return { message: path, typeInfo: describeField(getJSONSchema(view.state) ?? {}, path) };
    },
    formatHover: ({ message, typeInfo }) =>
      Object.assign(document.createElement('div'), { textContent: `${message}: ${typeInfo}` }),
  })(view, pos, side);

const complete = jsonCompletion();
/** The extension returns an empty list for "nothing to complete", where CodeMirror expects null. */
const completeFromSchema = (context: CompletionContext): CompletionResult | null => {
  const result = complete(context);
  return Array.isArray(result) ? null : result;
};

const extensions = [
  lineNumbers(),
  history(),
  bracketMatching(),
  closeBrackets(),
  indentOnInput(),
  highlightActiveLine(),
  highlightSpecialChars(),
  syntaxHighlighting(highlighting),
  json(),
  linter(jsonParseLinter(), { delay: 200 }),
  linter(checkSchema, { delay: 400 }),
  autocompletion({ override: [completeFromSchema] }),
  hoverTooltip(hover),
  stateExtensions(),
  EditorView.lineWrapping,
  EditorView.contentAttributes.of({ 'aria-label': 'Parameter Input', tabindex: '0' }),
  // No binding for Tab, so that the keyboard can leave the editor.
  keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
];

/** Marks what the page puts into the editor, which nobody typed. */
const isFromPage = Annotation.define<boolean>();

interface EditorProps {
  readonly value: string;
  readonly schema: JSONSchema7;
  readonly onChange: (value: string) => void;
}

/** The Parameter Input: a code editor that knows the JSON Schema of the node. */
export const Editor = ({ value, schema, onChange }: EditorProps) => {
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const change = useRef(onChange);
  change.current = onChange;
  /** Texts typed since `value` was last what the editor holds. */
  const typed = useRef(new Set<string>());

  useEffect(() => {
    if (parent.current === null) return;
    const listener = EditorView.updateListener.of((update) => {
      if (!update.docChanged || update.transactions.some((transaction) => transaction.annotation(isFromPage))) return;
      const text = update.state.doc.toString();
      typed.current.add(text);
      change.current(text);
    });
    const editor = new EditorView({
      parent: parent.current,
      state: EditorState.create({ doc: value, extensions: [extensions, listener] }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, []);

  useEffect(() => {
    if (view.current !== undefined) updateSchema(view.current, schema);
  }, [schema]);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined) return;
    if (editor.state.doc.toString() === value) {
      typed.current.clear();
      return;
    }
    // Somebody types faster than the page follows: what comes back here is older than what the editor holds.
    if (typed.current.has(value)) return;
    const changes = { from: 0, to: editor.state.doc.length, insert: value };
    editor.dispatch({ changes, annotations: isFromPage.of(true) });
    typed.current.clear();
  }, [value]);

  return <div class="editor" ref={parent} />;
};
