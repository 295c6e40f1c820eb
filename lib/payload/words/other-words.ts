/** Words of other languages than English that CLDR does not have, in a file that is loaded when a text needs it. */
export { COUNTRY_ALIASES } from './country-aliases.ts';
export { GENDER_WORDS } from './gender-words.ts';
export { YES_NO_WORDS } from './yes-no-words.ts';
