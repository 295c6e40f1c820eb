import { createLazyExpression } from '../lazy-expression.ts';

const article = createLazyExpression(
  String.raw`^\P{L}*(?:(?:the|le|la|les|der|die|das|el|los|las|il|lo|gli|i|o|a|os|as|de|het|ο|η|το|οι|τα)\s+|l['’]\s*)(?=\p{L})`,
  'iu',
);

/** Removes an article in front of a name, which CLDR's names do not have: `la France`, `l’Allemagne`, `die Schweiz`. */
export const withoutArticle = (name: string): string => name.replace(article(), '');
