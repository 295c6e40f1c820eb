/** Stands where cleaning refused what was given: not absent, but nothing that any rule takes. */
export const UNUSABLE: unique symbol = Symbol('unusable');

/** A payload value after cleaning (`clean.ts`): what JSON can hold, and `undefined` where nothing was said. */
export type Cleaned =
  | string
  | number
  | boolean
  | null
  | undefined
  | typeof UNUSABLE
  | readonly Cleaned[]
  | { readonly [key: string]: Cleaned };

/** Stands for an object whose members are all absent: an object to whoever needs one, but nothing that may erase. */
export const EMPTIED: Exclude<Cleaned, undefined> = Object.freeze({});

/** How the stage reads what a person typed; what the payload itself adds is `country` and `foundBy`. */
export interface Reading {
  /** The moment of the call, in milliseconds since 1970. */
  readonly now: number;
  /** ISO 3166-1 alpha-2: where a phone number without a country code belongs. */
  readonly country?: string | undefined;
  /** The `email` or `phone` that identifies the person, where no primary identifier does. */
  readonly foundBy?: { readonly name: 'email' | 'phone'; readonly value: string } | undefined;
  /** Which of two readings of `a/b/yyyy` is meant; unset, such a date is unusable. */
  readonly dateOrder?: 'DMY' | 'MDY' | undefined;
}

/**
 * The paths of what could not be used, as the designer wrote them: `attributes.dob`, `events.1.time`.
 * Kept to 64 KB of text, because a hostile payload can name far more than it contains.
 */
export class Unusable {
  readonly #paths = new Set<string>();
  #room = 65_536;

  add(path: string): void {
    // Without a path it is the payload as a whole, which has no name that a flow could ask again for.
    if (path === '' || this.#paths.has(path) || path.length >= this.#room) return;
    this.#room -= path.length + 1;
    this.#paths.add(path);
  }

  get paths(): readonly string[] {
    return [...this.#paths];
  }
}

/** Where in the payload a value stands, and so what to call it when it can't be used. */
export class Place {
  readonly reading: Reading;
  readonly #unusable: Unusable;
  readonly #parent: Place | undefined;
  readonly #key: string;

  constructor(reading: Reading, unusable: Unusable, parent?: Place, key = '') {
    this.reading = reading;
    this.#unusable = unusable;
    this.#parent = parent;
    this.#key = key;
  }

  /** The place of a member of the value that stands here. */
  at(key: string | number): Place {
    return new Place(this.reading, this.#unusable, this, String(key));
  }

  /** The same place, read with more knowledge. */
  knowing(more: Partial<Reading>): Place {
    return new Place({ ...this.reading, ...more }, this.#unusable, this.#parent, this.#key);
  }

  /** Names this place as unusable. Returns `undefined`, so that a rule can say `return at.refuse()`. */
  refuse(): undefined {
    this.#unusable.add(this.path);
    return undefined;
  }

  get path(): string {
    const keys: string[] = [];
    for (let place: Place = this; place.#parent !== undefined; place = place.#parent) {
      keys.push(place.#key.length > 1_024 ? `${place.#key.slice(0, 1_024)}…` : place.#key);
    }
    return keys.reverse().join('.');
  }
}

/** The part of JSON Schema (2020-12) that describes payloads. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/**
 * One rule, said once: how a value is read, and the words and the schema its documentation is made from.
 * `read` is given a value that is present (never `undefined`); it returns what Braze is sent, or refuses the place.
 */
export interface Field<T> {
  /** What Braze is sent: `` `YYYY-MM-DD` ``. */
  readonly becomes: string;
  /** When the field is left out and named in `BRAZE_INVALID_FIELDS`. */
  readonly unusableWhen: string;
  /** What a designer may write; text where a placeholder may stand. */
  readonly schema: JsonSchema;
  readonly read: (value: Exclude<Cleaned, undefined>, at: Place) => T | undefined;
}
