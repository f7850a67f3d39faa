import { Failure } from "../../http/failure";
import type { Json } from "../../store/rows";
import type { Call } from "./call";

const snakeCase = (field: string) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The fields of a request's body, by their camelCase names, whichever spelling the era reads. */
export class Body {
  readonly #fields: Json;
  readonly #spellings: readonly ("camel" | "snake")[];
  readonly #badStatus: number;
  readonly #trims: boolean;

  /**
   * @param family whose spellings are read
   * @throws Failure where the body is no JSON object
   */
  constructor(call: Call, family: "topology" | "connections") {
    this.#spellings = call.era.bodyKeys[family];
    this.#trims = call.quirks.trimmedTexts;
    this.#badStatus = family === "topology" ? call.era.failures.badBody : 400;
    let parsed: unknown;
    try {
      parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(call.rawBody));
    } catch {
      throw this.#bad("the body is not JSON");
    }
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
      throw this.#bad("the body is not a JSON object");
    }
    this.#fields = parsed as Json;
  }

  /** A text, or `undefined` where the body leaves it out or says null. */
  text(field: string): string | undefined {
    const value = this.#value(field);
    if (value === undefined || value === null) return undefined;
    if (typeof value !== "string") throw this.#bad(`${field} is not a string`);
    return this.#trims ? value.trim() : value;
  }

  /** An object, or `undefined` where the body leaves it out or says null. */
  object(field: string): Json | undefined {
    const value = this.#value(field);
    if (value === undefined || value === null) return undefined;
    if (typeof value !== "object" || Array.isArray(value)) throw this.#bad(`${field} is not an object`);
    return value as Json;
  }

  /** The error for a value that cannot be read. */
  unreadable(message: string): Failure {
    return this.#bad(message);
  }

  #value(field: string): unknown {
    for (const spelling of this.#spellings) {
      const key = spelling === "camel" ? field : snakeCase(field);
      if (Object.hasOwn(this.#fields, key)) return this.#fields[key];
    }
    return undefined;
  }

  #bad(message: string): Failure {
    return new Failure("request", this.#badStatus, `failed to read the request body: ${message}`);
  }
}
