import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One request to a real server and what it answered; bodies are texts as they went over the wire. */
export interface Exchange {
  step: string;
  request: { method: string; path: string; body: string | null };
  response: { status: number; contentType: string | null; body: string | null };
}

/** The exchanges of one recording, in their order. */
export const recording = (name: string): Exchange[] =>
  readFileSync(join(__dirname, "..", "transcripts", `${name}.jsonl`), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Exchange);

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;
const constant = /^(00000000-0000-0000-0000-000000000000|0001-01-01T00:00:00Z)$/;

/**
 * What stands for what: ids and times of a recording, and those of the server it is played against. Each is tied to the
 * first that stands in its place, both ways, so that an id or a time that should have stayed and changed is noticed, and one
 * that should have changed and stayed as well.
 */
class Stand {
  readonly #ours = new Map<string, string>();
  readonly #recorded = new Map<string, string>();

  /** Whether `ours` may stand where `recorded` stood; ties the two together if neither is tied. */
  matches(recorded: string, ours: string): boolean {
    if (constant.test(recorded) || constant.test(ours)) return recorded === ours;
    if (!this.#ours.has(recorded) && !this.#recorded.has(ours)) {
      this.#ours.set(recorded, ours);
      this.#recorded.set(ours, recorded);
    }
    return this.#ours.get(recorded) === ours && this.#recorded.get(ours) === recorded;
  }

  /** A text of a request with our ids in it. An id that no answer held was chosen by the client: it stays what it is. */
  translated(text: string): string {
    return text.replaceAll(uuid, (id) => {
      if (!constant.test(id) && !this.#ours.has(id)) this.matches(id, id);
      return this.#ours.get(id) ?? id;
    });
  }
}

/** How an answer differs from the recorded one, in short sentences that hold no id and no time. */
export class Replay {
  readonly #stand = new Stand();

  request({ request: { method, path, body } }: Exchange): { method: string; path: string; rawBody?: string } {
    return {
      method,
      path: this.#stand.translated(path),
      ...(body === null ? {} : { rawBody: this.#stand.translated(body) }),
    };
  }

  differences({ response }: Exchange, ours: { status: number; contentType: string | null; text: string }): string[] {
    const found: string[] = [];
    if (ours.status !== response.status) found.push(`status ${response.status} -> ${ours.status}`);
    if (ours.contentType !== response.contentType) found.push(`type ${response.contentType} -> ${ours.contentType}`);
    const body = response.body ?? "";
    // The page of the user interface and the texts of these errors are not the real server's own.
    if (response.contentType?.startsWith("text/html")) return found;
    if (body === "" || ours.text === "") return body === ours.text ? found : [...found, "one body is empty"];
    if (body.includes('"meshery-server-shim-')) {
      return typeof (JSON.parse(ours.text) as { error?: unknown }).error === "string" ? found : [...found, "no error"];
    }
    this.#compare("", JSON.parse(body), JSON.parse(ours.text), found);
    return found;
  }

  #compare(at: string, recorded: unknown, ours: unknown, found: string[]): void {
    if (typeof recorded === "string" && typeof ours === "string") {
      if (!this.#sameText(recorded, ours)) found.push(`${at || "/"} ${kind(recorded)} -> ${kind(ours)}`);
    } else if (Array.isArray(recorded) && Array.isArray(ours)) {
      if (recorded.length !== ours.length) found.push(`${at} rows ${recorded.length} -> ${ours.length}`);
      else for (const [index, item] of recorded.entries()) this.#compare(`${at}/${index}`, item, ours[index], found);
    } else if (isObject(recorded) && isObject(ours)) {
      for (const key of new Set([...Object.keys(recorded), ...Object.keys(ours)])) {
        if (!Object.hasOwn(ours, key)) found.push(`${at}/${key} is left out`);
        else if (!Object.hasOwn(recorded, key)) found.push(`${at}/${key} is added`);
        else this.#compare(`${at}/${key}`, recorded[key], ours[key], found);
      }
    } else if (recorded !== ours) found.push(`${at} ${kind(recorded)} -> ${kind(ours)}`);
  }

  #sameText(recorded: string, ours: string): boolean {
    const places = (text: string) => text.replaceAll(uuid, "<id>").replaceAll(time, "<time>");
    const parts = (text: string) => [...text.matchAll(uuid), ...text.matchAll(time)].map(([part]) => part);
    if (places(recorded) !== places(ours)) return false;
    const here = parts(ours);
    return parts(recorded).every((part, index) => this.#stand.matches(part, here[index] ?? ""));
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const kind = (value: unknown) =>
  typeof value !== "string" ? (JSON.stringify(value)?.slice(0, 60) ?? "undefined") : describeText(value);
const describeText = (text: string) =>
  constant.test(text)
    ? `the zero ${text.includes("T") ? "time" : "id"}`
    : `"${text.replaceAll(uuid, "<id>").replaceAll(time, "<time>").slice(0, 120)}"`;
