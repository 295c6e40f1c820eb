import { parseProfile } from '../../../lib/braze/users-export.ts';

const FIRST_NAME = [{ key: 'BRAZE_FIRST_NAME', path: ['first_name'] }] as const;

describe('what Braze says of a person', () => {
  test('is a text for every field that was asked for', () => {
    expect(parseProfile({ users: [{ first_name: 'Ann' }], message: 'success' }, FIRST_NAME)).toEqual({
      BRAZE_FIRST_NAME: 'Ann',
    });
  });

  test.each([
    { users: [], message: 'success' },
    { users: [], invalid_user_ids: ['nobody'] },
    { invalid_user_ids: ['nobody'] },
  ])('is nothing, where it knows nobody: %j', (answer) => {
    expect(parseProfile(answer, FIRST_NAME)).toBeUndefined();
  });

  test.each([
    { message: 'success' },
    { users: 'x' },
    { users: [null, 5] },
    { invalid_user_ids: [] },
    'success',
    undefined,
  ])('is not taken for "nobody" where the answer does not say so: %j', (answer) => {
    expect(parseProfile(answer, FIRST_NAME)).toBe('unreadable');
  });
});
