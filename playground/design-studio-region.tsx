import { type Column, type Columns, toCsvRow } from './design-studio.ts';
import { CopyButton, Region } from './inputs.tsx';
import { Scrollable } from './results.tsx';

const SHOWN = [
  'Command',
  'Parameter Input',
  'Output',
  'Decision Variable',
  'What Next?',
  'Variable',
] as const satisfies readonly Column[];

interface DesignStudioProps {
  readonly columns: Columns;
  readonly onCopied: (message: string) => void;
}

/** The columns of the action node, to copy into Design Studio one by one or as a row. */
export const DesignStudioRegion = ({ columns, onCopied }: DesignStudioProps) => (
  <Region title="Design Studio">
    <div class="line">
      <p class="quiet">The columns of this action node.</p>
      <CopyButton what="row as CSV" text={toCsvRow(columns)} onCopied={onCopied}>
        Copy row as CSV
      </CopyButton>
    </div>
    <Scrollable label="The columns of this action node">
      <table class="columns">
        <tbody>
          {SHOWN.map((column) => (
            <tr key={column}>
              <th scope="row">{column}</th>
              <td>
                <code class="cell">{columns[column]}</code>
              </td>
              <td>
                <CopyButton what={column} text={columns[column] ?? ''} onCopied={onCopied} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrollable>
    <p class="quiet">
      The row has the 26 columns of Design Studio in the order seen in public flows. Pypestream does not promise it, so
      check it against your own sheet.
    </p>
  </Region>
);
