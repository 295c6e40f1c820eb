import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Expression, parseSync } from '@swc/core';
import type { Json } from '../../lib/json.ts';

const PAYLOAD_TESTS = join(__dirname, '../lib/payload');

/** The JSON that an expression writes out; `undefined` where it must be run to be known. */
const toJson = (expression: Expression): Json | undefined => {
  switch (expression.type) {
    case 'StringLiteral':
    case 'NumericLiteral':
    case 'BooleanLiteral':
      return expression.value;
    case 'NullLiteral':
      return null;
    case 'UnaryExpression': {
      const value = toJson(expression.argument);
      return expression.operator === '-' && typeof value === 'number' ? -value : undefined;
    }
    case 'ArrayExpression': {
      const items = expression.elements.map((element) => element && toJson(element.expression));
      return items.every((item) => item !== undefined) ? items : undefined;
    }
    case 'ObjectExpression': {
      const members: [string, Json][] = [];
      for (const property of expression.properties) {
        if (property.type !== 'KeyValueProperty' || property.key.type === 'Computed') return undefined;
        const value = toJson(property.value);
        if (value === undefined) return undefined;
        members.push([String(property.key.value), value]);
      }
      return Object.fromEntries(members);
    }
    default:
      return undefined;
  }
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Every value that the tests of lib/payload write out, each once: what they give, and what they expect. */
export const readPayloadLiterals = (): readonly Json[] => {
  const literals = new Map<string, Json>();
  const visit = (part: object): void => {
    const literal = 'type' in part ? toJson(part as Expression) : undefined;
    if (literal !== undefined) literals.set(JSON.stringify(literal), literal);
    for (const inner of Object.values(part).filter(isObject)) visit(inner);
  };
  for (const file of readdirSync(PAYLOAD_TESTS, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.test.ts')) continue;
    visit(parseSync(readFileSync(join(PAYLOAD_TESTS, file), 'utf8'), { syntax: 'typescript' }).body);
  }
  // A list of lists is a table of a test, whose cells are values of their own.
  return [...literals.values()].filter((literal) => !(Array.isArray(literal) && literal.some(Array.isArray)));
};
