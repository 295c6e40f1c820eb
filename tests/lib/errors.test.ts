import { ConfigurationError, ParametersUnavailableError } from '../../lib/errors.ts';

test.each([
  ['ConfigurationError', ConfigurationError],
  ['ParametersUnavailableError', ParametersUnavailableError],
])('%s has its name, its message and its cause', (name, Kind) => {
  const cause = new Error('why');
  const error = new Kind('A sentence.', { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name, message: 'A sentence.', cause });
});
