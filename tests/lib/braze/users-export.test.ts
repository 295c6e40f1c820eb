import { parseProfile } from '../../../lib/braze/users-export.ts';

const FIRST_NAME = [{ key: 'BRAZE_FIRST_NAME', path: ['first_name'] }] as const;

describe('the export of one person', () => {
  test('has a text for every field that was asked for', () => {
    expect(parseProfile({ users: [{ first_name: 'Ann' }], message: 'success' }, FIRST_NAME)).toEqual({
      kind: 'found',
      values: { BRAZE_FIRST_NAME: 'Ann' },
    });
  });

  test.each([
    { users: [], message: 'success' },
    { users: [], invalid_user_ids: ['nobody'] },
    { invalid_user_ids: ['nobody'] },
  ])('is not found if Braze answers %j', (answer) => {
    expect(parseProfile(answer, FIRST_NAME)).toEqual({ kind: 'not_found' });
  });

  test.each([
    { message: 'success' },
    { users: 'x' },
    { users: [null, 5] },
    { invalid_user_ids: [] },
    'success',
    undefined,
  ])('is unreadable if Braze answers %j', (answer) => {
    expect(parseProfile(answer, FIRST_NAME)).toEqual({ kind: 'unreadable' });
  });
});
