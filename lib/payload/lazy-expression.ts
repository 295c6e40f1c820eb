/**
 * A regular expression that is compiled at its first use. V8 checks every literal when it loads the file, which takes a
 * cold start up to 0.4 ms for one with classes of Unicode (docs/performance.md).
 */
export const createLazyExpression = (source: string, flags: string): (() => RegExp) => {
  let expression: RegExp | undefined;
  return () => {
    expression ??= new RegExp(source, flags);
    return expression;
  };
};
