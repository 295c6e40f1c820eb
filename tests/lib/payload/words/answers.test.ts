import { toBoolean } from '../../../../lib/payload/fields/boolean.ts';
import { country } from '../../../../lib/payload/fields/country.ts';
import { dob } from '../../../../lib/payload/fields/dob.ts';
import { gender } from '../../../../lib/payload/fields/gender.ts';
import { language } from '../../../../lib/payload/fields/language.ts';
import { toNumber } from '../../../../lib/payload/fields/number.ts';
import { parseField, valid } from '../../../support/parse-field.ts';

interface Answers {
  readonly dates: readonly string[];
  readonly yes: readonly string[];
  readonly no: readonly string[];
  readonly male: readonly string[];
  readonly female: readonly string[];
  readonly germany: readonly string[];
  readonly unitedKingdom: readonly string[];
  readonly english: readonly string[];
  readonly number: string;
}

/** 25 December 1985, and 12345.5, as people write them. */
const ANSWERS: { readonly [language: string]: Answers } = {
  English: {
    dates: ['25 December 1985', 'Wednesday, December 25th, 1985', 'Dec 25 1985 10:30 PM', '25 Dec 1985.'],
    yes: ['yes', 'Yes, please', 'YES!', 'Yeah, sure', 'yes of course'],
    no: ['no', 'No, thank you', 'Nope.', 'no thanks'],
    male: ['male'],
    female: ['Woman'],
    germany: ['Germany'],
    unitedKingdom: ['UK', 'United Kingdom'],
    english: ['English'],
    number: '12,345.50',
  },
  French: {
    dates: ['25 décembre 1985', 'le 25 déc. 1985', 'mercredi 25 decembre 1985', '25 DÉCEMBRE 1985 à 15h30'],
    yes: ['oui', 'Oui !', 'Oui, merci', 'oui bien sûr', 'Oui s’il vous plaît'],
    no: ['non', 'Non merci', 'NON.'],
    male: ['homme', 'Masculin', 'h'],
    female: ['femme', 'féminin'],
    germany: ['Allemagne', 'ALLEMAGNE'],
    unitedKingdom: ['Royaume-Uni', 'royaume uni', 'Grande-Bretagne'],
    english: ['anglais', 'Anglais (États-Unis)'],
    number: '12 345,50',
  },
  German: {
    dates: [
      '25. Dezember 1985',
      'Mittwoch, den 25. Dezember 1985',
      'Mi, 25.12.1985',
      '25.Dez.1985',
      '25.12.1985 um 15:04',
    ],
    yes: ['ja', 'Ja, bitte', 'ja gerne', 'Ja!'],
    no: ['nein', 'Nein danke', 'NEIN'],
    male: ['männlich', 'Mann', 'maennlich'],
    female: ['weiblich', 'weibliche', 'Frau', 'w'],
    germany: ['Deutschland'],
    unitedKingdom: ['Vereinigtes Königreich', 'Großbritannien', 'Grossbritannien', 'vereinigtes koenigreich'],
    english: ['Englisch', 'ENGLISCH'],
    number: '12.345,50',
  },
  Spanish: {
    dates: ['25 de diciembre de 1985', 'miércoles, 25 de diciembre de 1985', '25 dic 1985', '25 de diciembre del 1985'],
    yes: ['sí', 'si', 'Sí, por favor', '¡Sí!', 'claro que sí'],
    no: ['no', 'No, gracias', '¡No!'],
    male: ['hombre', 'masculino', 'Varón'],
    female: ['mujer', 'Femenino'],
    germany: ['Alemania'],
    unitedKingdom: ['Reino Unido', 'Gran Bretaña'],
    english: ['inglés', 'ingles'],
    number: '12.345,50',
  },
  Portuguese: {
    dates: ['25 de dezembro de 1985', 'quarta-feira, 25 de dezembro de 1985', '25 de dez. de 1985'],
    yes: ['sim', 'Sim, por favor', 'sim, obrigada'],
    no: ['não', 'nao', 'Não, obrigado'],
    male: ['homem', 'masculino'],
    female: ['mulher', 'feminino'],
    germany: ['Alemanha'],
    unitedKingdom: ['Reino Unido'],
    english: ['inglês'],
    number: '12.345,50',
  },
  Italian: {
    dates: ['25 dicembre 1985', 'mercoledì 25 dicembre 1985', '25 dic 1985'],
    yes: ['sì', 'Sì, grazie', 'si certo'],
    no: ['no', 'No grazie'],
    male: ['uomo', 'maschio'],
    female: ['donna', 'femmina'],
    germany: ['Germania'],
    unitedKingdom: ['Regno Unito'],
    english: ['inglese'],
    number: '12.345,50',
  },
  Dutch: {
    dates: ['25 december 1985', 'woensdag 25 december 1985', '25 dec. 1985', '25-12-1985'],
    yes: ['ja', 'Ja graag', 'ja, alsjeblieft'],
    no: ['nee', 'Nee, bedankt', 'nee dank je'],
    male: ['man', 'mannelijk'],
    female: ['vrouw', 'v'],
    germany: ['Duitsland'],
    unitedKingdom: ['Verenigd Koninkrijk'],
    english: ['Engels'],
    number: '12.345,50',
  },
  Polish: {
    dates: ['25 grudnia 1985', 'środa, 25 grudnia 1985 r.', '25 grudzień 1985', '25 gru 1985'],
    yes: ['tak', 'Tak, proszę'],
    no: ['nie', 'Nie, dziękuję', 'nie dziekuje'],
    male: ['mężczyzna', 'mezczyzna'],
    female: ['kobieta', 'K'],
    germany: ['Niemcy'],
    unitedKingdom: ['Wielka Brytania', 'Zjednoczone Królestwo'],
    english: ['angielski'],
    number: '12 345,50',
  },
  Swedish: {
    dates: ['25 december 1985', 'onsdag 25 december 1985', 'den 25:e december 1985'],
    yes: ['ja', 'Ja tack'],
    no: ['nej', 'Nej tack'],
    male: ['man', 'kille'],
    female: ['kvinna'],
    germany: ['Tyskland'],
    unitedKingdom: ['Storbritannien'],
    english: ['engelska'],
    number: '12 345,50',
  },
  Danish: {
    dates: ['25. december 1985', 'onsdag den 25. december 1985 kl. 15.04'],
    yes: ['ja', 'Ja tak'],
    no: ['nej', 'Nej tak'],
    male: ['mand'],
    female: ['kvinde'],
    germany: ['Tyskland'],
    unitedKingdom: ['Storbritannien'],
    english: ['engelsk'],
    number: '12.345,50',
  },
  Norwegian: {
    dates: ['25. desember 1985', 'onsdag 25. des. 1985'],
    yes: ['ja', 'Ja takk'],
    no: ['nei', 'Nei takk'],
    male: ['mann'],
    female: ['kvinne'],
    germany: ['Tyskland'],
    unitedKingdom: ['Storbritannia'],
    english: ['engelsk'],
    number: '12 345,50',
  },
  Finnish: {
    dates: ['25. joulukuuta 1985', 'keskiviikko 25. joulukuuta 1985', '25 joulukuu 1985', '25.12.1985 klo 15.04'],
    yes: ['kyllä', 'Kyllä kiitos', 'joo'],
    no: ['ei', 'Ei kiitos'],
    male: ['mies'],
    female: ['nainen'],
    germany: ['Saksa'],
    unitedKingdom: ['Iso-Britannia', 'Yhdistynyt kuningaskunta'],
    english: ['englanti'],
    number: '12 345,50',
  },
  Czech: {
    dates: ['25. prosince 1985', 'středa 25. prosince 1985', '25. 12. 1985'],
    yes: ['ano', 'Ano, prosím'],
    no: ['ne', 'Ne, děkuji'],
    male: ['muž'],
    female: ['žena', 'zena'],
    germany: ['Německo'],
    unitedKingdom: ['Velká Británie', 'Spojené království'],
    english: ['angličtina'],
    number: '12 345,50',
  },
  Turkish: {
    dates: ['25 Aralık 1985', '25 ARALIK 1985', '25 Aralık 1985 Çarşamba', '25 aralik 1985'],
    yes: ['evet', 'Evet, lütfen', 'EVET'],
    no: ['hayır', 'HAYIR', 'Hayır, teşekkürler', 'hayir'],
    male: ['erkek', 'Bay'],
    female: ['kadın', 'KADIN'],
    germany: ['Almanya'],
    unitedKingdom: ['Birleşik Krallık', 'BİRLEŞİK KRALLIK', 'İngiltere'],
    english: ['İngilizce', 'ingilizce'],
    number: '12.345,50',
  },
  Russian: {
    dates: ['25 декабря 1985', '25 декабря 1985 г.', 'среда, 25 декабря 1985 г. в 15:04', '25-го декабря 1985 года'],
    yes: ['да', 'Да, пожалуйста', 'ДА!'],
    no: ['нет', 'Нет, спасибо'],
    male: ['мужчина', 'мужской', 'М'],
    female: ['женщина', 'женский', 'Ж'],
    germany: ['Германия'],
    unitedKingdom: ['Великобритания'],
    english: ['английский'],
    number: '12 345,50',
  },
  Ukrainian: {
    dates: ['25 грудня 1985', '25 грудня 1985 р.', 'середа, 25 грудня 1985 р.'],
    yes: ['так', 'Так, будь ласка'],
    no: ['ні', 'Ні, дякую'],
    male: ['чоловік'],
    female: ['жінка'],
    germany: ['Німеччина'],
    unitedKingdom: ['Велика Британія'],
    english: ['англійська'],
    number: '12 345,50',
  },
  Greek: {
    dates: ['25 Δεκεμβρίου 1985', 'Τετάρτη 25 Δεκεμβρίου 1985', '25 δεκεμβριου 1985', 'Δεκέμβριος 25, 1985'],
    yes: ['ναι', 'Ναι, παρακαλώ', 'ΝΑΙ'],
    no: ['όχι', 'ΟΧΙ', 'Όχι, ευχαριστώ'],
    male: ['άνδρας', 'ΑΝΔΡΑΣ', 'ανδρικό'],
    female: ['γυναίκα'],
    germany: ['Γερμανία'],
    unitedKingdom: ['Ηνωμένο Βασίλειο', 'ΗΝΩΜΕΝΟ ΒΑΣΙΛΕΙΟ'],
    english: ['αγγλικά', 'Αγγλικά'],
    number: '12.345,50',
  },
  Arabic: {
    dates: ['25 ديسمبر 1985', '٢٥ ديسمبر ١٩٨٥', 'الأربعاء، ٢٥ كانون الأول ١٩٨٥', '‏٢٥‏/١٢‏/١٩٨٥'],
    yes: ['نعم', 'نعم، من فضلك'],
    no: ['لا', 'لا، شكرا'],
    male: ['ذكر'],
    female: ['أنثى', 'انثى'],
    germany: ['ألمانيا', 'المانيا'],
    unitedKingdom: ['المملكة المتحدة', 'المملكه المتحده'],
    english: ['الإنجليزية'],
    number: '١٢٬٣٤٥٫٥٠',
  },
  Hebrew: {
    dates: ['25 בדצמבר 1985', 'יום רביעי, 25 בדצמבר 1985', '25 דצמבר 1985'],
    yes: ['כן', 'כן, תודה'],
    no: ['לא', 'לא תודה'],
    male: ['זכר', 'גבר'],
    female: ['נקבה', 'אישה'],
    germany: ['גרמניה'],
    unitedKingdom: ['בריטניה', 'הממלכה המאוחדת'],
    english: ['אנגלית'],
    number: '12,345.50',
  },
  Japanese: {
    dates: [
      '1985年12月25日',
      '１９８５年１２月２５日',
      '1985年12月25日水曜日',
      '1985年12月25日(水) 15:04',
      '1985/12/25',
    ],
    yes: ['はい', 'はい、お願いします', 'はい。'],
    no: ['いいえ', 'いいえ、結構です'],
    male: ['男性', '男'],
    female: ['女性', '女'],
    germany: ['ドイツ'],
    unitedKingdom: ['イギリス', '英国'],
    english: ['英語'],
    number: '１２，３４５．５０',
  },
  Korean: {
    dates: ['1985년 12월 25일', '1985년12월25일 수요일', '1985. 12. 25.', '1985년 12월 25일 (수)'],
    yes: ['예', '네', '네, 감사합니다'],
    no: ['아니요', '아니오', '아니요, 괜찮습니다'],
    male: ['남성', '남자'],
    female: ['여성', '여자'],
    germany: ['독일'],
    unitedKingdom: ['영국'],
    english: ['영어'],
    number: '12,345.50',
  },
  Chinese: {
    dates: ['1985年12月25日', '1985年12月25日星期三', '1985年十二月25日', '1985年12月25号'],
    yes: ['是', '是的', '是的，谢谢', '好的'],
    no: ['不', '不是', '不用了，谢谢', '否'],
    male: ['男', '男性'],
    female: ['女', '女士'],
    germany: ['德国', '德國'],
    unitedKingdom: ['英国', '英國'],
    english: ['英语', '英文'],
    number: '12,345.50',
  },
};

describe.each(Object.entries(ANSWERS))('an answer in %s, without the browser’s language', (_, answers) => {
  test('is parsed as a date of birth', () => {
    for (const text of answers.dates) expect([text, parseField(dob, text)]).toEqual([text, valid('1985-12-25')]);
  });

  test('is parsed as a yes or a no', () => {
    for (const text of answers.yes) expect([text, toBoolean(text)]).toEqual([text, true]);
    for (const text of answers.no) expect([text, toBoolean(text)]).toEqual([text, false]);
  });

  test('is parsed as a gender', () => {
    for (const text of answers.male) expect([text, parseField(gender, text)]).toEqual([text, valid('M')]);
    for (const text of answers.female) expect([text, parseField(gender, text)]).toEqual([text, valid('F')]);
  });

  test('is parsed as a country and a language', () => {
    for (const text of answers.germany) expect([text, parseField(country, text)]).toEqual([text, valid('DE')]);
    for (const text of answers.unitedKingdom) expect([text, parseField(country, text)]).toEqual([text, valid('GB')]);
    for (const text of answers.english) expect([text, parseField(language, text)]).toEqual([text, valid('en')]);
  });

  test('is parsed as a number', () => {
    expect(toNumber(answers.number)).toBe(12_345.5);
  });
});
