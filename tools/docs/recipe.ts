import { SUCCESS_BY_OUTCOME } from '../../lib/answer.ts';
import type { Node } from '../nodes.ts';

/** What a flow designer puts into the columns of an action node. */
export interface Recipe {
  readonly parameterInput: { readonly [name: string]: unknown };
  readonly output: readonly string[];
  /** For each Decision Variable: the values it may have. */
  readonly whatNext: { readonly success: readonly string[]; readonly outcome: readonly string[] };
  readonly variable: readonly string[];
}

export const toRecipe = ({ name, example, outcomes }: Node): Recipe => {
  const all = { ...SUCCESS_BY_OUTCOME, ...outcomes };
  const variable = ['BRAZE_INVALID_FIELDS', ...(example?.variables ?? [])];
  return {
    parameterInput: { node: name, ...example?.payload },
    output: ['success', 'outcome', ...variable],
    whatNext: { success: [...new Set(Object.values(all))], outcome: Object.keys(all) },
    variable,
  };
};
