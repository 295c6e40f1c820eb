import { type Probe, probe, verdictOf } from '../braze-probe.ts';
import { Stop } from '../cli.ts';
import type { Dialogue } from '../prompts.ts';

const nothing = 'Nothing was written.';

const doubtAbout = (answer: Probe): string => {
  if (answer.kind === 'unreached') return `Braze cannot be reached at this endpoint from here (${answer.reason}).`;
  if (answer.status === 403) {
    return 'Braze knows the key but refuses this machine or users.track (403): the key lacks the permission, or has an IP allowlist.';
  }
  return `Braze did not say whether the key is good (status ${answer.status}).`;
};

/** Asks Braze about a key before it is written: one that it does not know is refused, and a doubt is put to the operator. */
export const checkKey = async (url: string, apiKey: string, dialogue: Dialogue): Promise<void> => {
  const answer = await probe(url, 'users/track', apiKey);
  const verdict = verdictOf(answer);
  if (verdict === 'good') return;
  if (verdict === 'unknown key') {
    throw new Stop(
      `Braze does not know this key at this endpoint (401): the key is wrong, or belongs to another instance. ${nothing}`,
    );
  }
  if (!(await dialogue.confirm(`${doubtAbout(answer)} Write the key all the same?`))) throw new Stop(nothing);
};
