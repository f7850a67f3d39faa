export type LogLevel = "trace" | "debug" | "info" | "warn" | "error";

export type LogFields = Record<string, string | number | boolean | undefined>;

const LEVELS: readonly LogLevel[] = ["trace", "debug", "info", "warn", "error"];
// Engines read standard error in pieces of 64 KiB; a longer line would arrive torn, as text without a level.
const LONGEST_TEXT = 8_000;

/**
 * Writes one log line for the engine, which shows it under TF_LOG_PROVIDER or TF_LOG and drops it otherwise.
 * Never give it a configuration, a state or a header: logs are pasted into bug reports.
 */
export function log(level: LogLevel, message: string, fields: LogFields = {}): void {
  if (!logs(level)) return;
  process.stderr.write(`${logLine(level, message, fields, new Date())}\n`);
}

/** Whether a line of this level would be written, for callers whose message is costly to make. */
export function logs(level: LogLevel, env: NodeJS.ProcessEnv = process.env): boolean {
  const wanted = (env.TF_LOG_PROVIDER || env.TF_LOG || "").toLowerCase();
  const least = wanted === "json" ? 0 : LEVELS.indexOf(wanted as LogLevel);
  return least >= 0 && LEVELS.indexOf(level) >= least;
}

/**
 * A line as hashicorp/go-hclog reads it. It takes the time only with exactly six digits after the second, and fails
 * when `@level` or `@message` is anything but a string.
 */
export function logLine(level: LogLevel, message: string, fields: LogFields, now: Date): string {
  const line: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    line[name.replace(/^@+/, "")] = typeof value === "string" ? shorten(value) : value;
  }
  line["@level"] = level;
  line["@message"] = shorten(message);
  line["@module"] = "provider";
  line["@timestamp"] = now.toISOString().replace("Z", "000Z");
  return JSON.stringify(line);
}

function shorten(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)} ...` : text;
}
