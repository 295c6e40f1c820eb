import type { YesNoWords } from './yes-no.ts';

/** CLDR's words for yes and no (`yesstr`, `nostr`) and everyday forms, in all languages except English. */
export const YES_NO_WORDS: { readonly [language: string]: YesNoWords } = {
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
};
