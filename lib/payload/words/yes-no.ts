import { LANGUAGES, toBaseLanguage, toLocale } from './languages.ts';
import { memoize } from './lexicon.ts';
import { toWordKey } from './word-key.ts';

/**
 * Yes and no as CLDR has them (`yesstr`, `nostr`) with their everyday forms, and words that add nothing to them.
 * A word that may turn an answer round (`not`, `but`) must not stand among the latter. A function, so that the table is
 * made only when a word needs it.
 */
const words = (): { readonly [language: string]: readonly [yes: string, no: string, besides: string] } => ({
  en: [
    'yes y yeah yep yup true',
    'no n nope nah false',
    'please thanks thank you sure of course absolutely definitely certainly indeed i do am it is very much sir madam ok okay',
  ],
  fr: [
    'oui o ouais',
    'non n nan',
    'merci bien sûr s il vous te plaît svp stp volontiers avec plaisir tout à fait absolument certainement beaucoup d accord madame monsieur',
  ],
  de: [
    'ja j jawohl jo jep',
    'nein n nee ne',
    'bitte danke gerne gern sehr natürlich klar sicher selbstverständlich vielen dank schön ok',
  ],
  es: [
    'sí s',
    'no n',
    'por favor gracias claro que muchas desde luego supuesto vale quiero acepto estoy de acuerdo señor señora',
  ],
  pt: ['sim s', 'não n', 'por favor obrigado obrigada claro que muito com certeza quero aceito'],
  it: ['sì s', 'no n', 'grazie per favore certo certamente volentieri ovviamente prego assolutamente mille'],
  nl: [
    'ja j jawel jazeker',
    'nee n neen',
    'graag bedankt dank je u wel alsjeblieft alstublieft natuurlijk zeker hoor heel',
  ],
  pl: ['tak t', 'nie n', 'proszę dziękuję oczywiście poproszę pewnie chętnie bardzo dzięki'],
  sv: ['ja j jo japp', 'nej n nix', 'tack gärna visst självklart absolut snälla så mycket'],
  da: ['ja j jo jep', 'nej n', 'tak gerne selvfølgelig naturligvis mange meget'],
  nb: ['ja j jo jepp', 'nei n', 'takk gjerne selvsagt selvfølgelig mange'],
  fi: ['kyllä k joo juu', 'ei e', 'kiitos kiitti toki ilman muuta mielelläni totta kai'],
  cs: ['ano a jo', 'ne n', 'prosím děkuji díky jistě samozřejmě rád ráda určitě moc'],
  tr: ['evet e', 'hayır h', 'lütfen teşekkürler teşekkür ederim tabii tabi ki elbette'],
  ru: ['да д ага', 'нет н', 'пожалуйста спасибо конечно большое'],
  uk: ['так т', 'ні н', 'будь ласка дякую звичайно звісно авжеж'],
  el: ['ναι ν μάλιστα', 'όχι ό', 'παρακαλώ ευχαριστώ βέβαια φυσικά σίγουρα πολύ'],
  ar: ['نعم ن أجل أيوه', 'لا ل كلا', 'شكرا من فضلك طبعا بالتأكيد لو سمحت جزيلا'],
  he: ['כן כ', 'לא ל', 'תודה בבקשה בטח רבה'],
  ja: [
    'はい ええ うん y',
    'いいえ いえ n',
    'お願いします おねがいします お願い ありがとうございます ありがとう 結構です けっこうです もちろん です',
  ],
  ko: [
    '예 네 넵 응',
    '아니요 아니오 아뇨 아니',
    '부탁합니다 부탁드립니다 부탁해요 감사합니다 고맙습니다 물론이죠 물론입니다 괜찮습니다 괜찮아요',
  ],
  zh: [
    '是 是的 好 好的 对 對 要 可以 确定 確定',
    '否 不 不是 不要 不用 不对 不對 不可以 否定',
    '谢谢 謝謝 请 請 了 您 你',
  ],
});

type Kind = 'yes' | 'no' | 'besides';
interface Vocabulary {
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly longest: number;
}

const vocabularyOf = memoize((language: string): Vocabulary => {
  const [yes = '', no = '', besides = ''] = words()[language] ?? [];
  const entries = (list: string, kind: Kind) =>
    list.split(' ').map((word): readonly [string, Kind] => [toWordKey(word), kind]);
  const kinds = new Map([...entries(besides, 'besides'), ...entries(yes, 'yes'), ...entries(no, 'no')]);
  return { kinds, longest: Math.max(...[...kinds.keys()].map((key) => key.length)) };
});

const isWrittenWithoutBlanks = (language: string): boolean => ['ja', 'ko', 'zh'].includes(language);

/** The kinds of the words that a run of letters is made of, or `undefined` where one of them is unknown. */
const kindsOf = (run: string, language: string): readonly Kind[] | undefined => {
  const { kinds, longest } = vocabularyOf(language);
  const whole = kinds.get(run);
  if (whole !== undefined) return [whole];
  if (!isWrittenWithoutBlanks(language)) return undefined;
  const found: Kind[] = [];
  for (let start = 0; start < run.length; ) {
    let length = Math.min(longest, run.length - start);
    while (length > 0 && !kinds.has(run.slice(start, start + length))) length -= 1;
    const kind = kinds.get(run.slice(start, start + length));
    if (kind === undefined) return undefined;
    found.push(kind);
    start += length;
  }
  return found;
};

const readIn = (runs: readonly string[], language: string): boolean | undefined => {
  const kinds = new Set<Kind>();
  for (const run of runs) {
    const found = kindsOf(run, language);
    if (found === undefined) return undefined;
    for (const kind of found) kinds.add(kind);
  }
  if (kinds.has('yes') === kinds.has('no')) return undefined;
  return kinds.has('yes');
};

const MAX_WORDS = 8;

/**
 * `true` or `false` from a yes or no with a courtesy (`Oui, merci !`), in the conversation's language or where all
 * languages agree. Undefined with any other word, and with a question mark, which is a doubt.
 */
export const parseYesNo = (text: string, language?: string): boolean | undefined => {
  if (text.length > 100 || /[?？؟;\p{N}]/u.test(text)) return undefined;
  const runs = (text.match(/[\p{L}\p{M}]+/gu) ?? []).map(toWordKey);
  if (runs.length === 0 || runs.length > MAX_WORDS) return undefined;
  const locale = toLocale(language);
  const own = locale === undefined ? undefined : readIn(runs, toBaseLanguage(locale));
  if (own !== undefined) return own;
  const readings = new Set(LANGUAGES.map((tag) => readIn(runs, toBaseLanguage(tag))));
  readings.delete(undefined);
  const [only, ...others] = readings;
  return others.length === 0 ? only : undefined;
};
