import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  readonly suggestions?: readonly string[];
}

/** A text box with its label. */
export const TextField = ({ label, value, onChange, placeholder, suggestions = [] }: FieldProps) => {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        value={value}
        placeholder={placeholder}
        autocomplete="off"
        spellcheck={false}
        list={suggestions.length > 0 ? `${id}-suggestions` : undefined}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      {suggestions.length > 0 && (
        <datalist id={`${id}-suggestions`}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      )}
    </div>
  );
};

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (string | { readonly value: string; readonly text: string })[];
  readonly onChange: (value: string) => void;
}

/** A list to choose one value from. */
export const Choice = ({ label, value, options, onChange }: ChoiceProps) => {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map((option) => {
          const { value: name, text } = typeof option === 'string' ? { value: option, text: option } : option;
          return (
            <option key={name} value={name}>
              {text}
            </option>
          );
        })}
      </select>
    </div>
  );
};

interface VariableProps {
  readonly name: string;
  /** `undefined` where it was never filled. */
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** The value of one variable of the flow, or that no answer ever filled it. */
export const VariableField = ({ name, value, onChange }: VariableProps) => {
  const id = useId();
  return (
    <div class="field variable">
      <label for={id}>{name}</label>
      <input
        id={id}
        type="text"
        value={value ?? ''}
        placeholder={value === undefined ? 'never filled' : ''}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      <label class="never">
        <input
          type="checkbox"
          checked={value === undefined}
          onChange={(event) => onChange(event.currentTarget.checked ? undefined : '')}
          aria-label={`${name} was never filled`}
        />
        never filled
      </label>
    </div>
  );
};

interface RegionProps {
  readonly title: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** A named part of the page, which screen readers list. */
export const Region = ({ title, class: name = '', children }: RegionProps) => {
  const id = useId();
  return (
    <section aria-labelledby={id} class={`region ${name}`}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
};

interface CopyProps {
  /** What the button copies, in words for screen readers. */
  readonly what: string;
  readonly text: string;
  readonly onCopied: (message: string) => void;
  readonly children?: ComponentChildren;
}

/** Copies a text, also from a page that was opened from disk. */
export const CopyButton = ({ what, text, onCopied, children = 'Copy' }: CopyProps) => {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      onCopied(`Copied: ${what}.`);
    } catch {
      onCopied(`The browser did not allow to copy ${what}. Select the text and copy it by hand.`);
    }
  };
  return (
    <button type="button" class="copy" aria-label={`Copy ${what}`} onClick={copy}>
      {children}
    </button>
  );
};
