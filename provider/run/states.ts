import type { Fields, State, Values } from "../framework";

/** A state without what is written only. */
export function kept<Remembered extends Values>(fields: Fields, state: Remembered): Remembered {
  const entries = Object.entries(state).filter(([name]) => !fields[name]?.writeOnly);
  return Object.fromEntries(entries) as Remembered;
}

/**
 * State keeps what the user wrote, in the user's spelling. What was left out is not managed: it keeps what an import or an
 * earlier program put there, and is otherwise left out of the state too.
 */
export function written(fields: Fields, state: State, inputs: Values, before: Values = {}): State {
  const result = kept(fields, state);
  for (const [name, field] of Object.entries(fields)) {
    const { role } = field;
    if (field.writeOnly) continue;
    if (role === "required" || role === "optional") result[name] = inputs[name] ?? before[name];
    // A flag with a meaning of its own beside state stays as it was; any other falls back to its default.
    if (role === "flag")
      result[name] = inputs[name] ?? (field.differs ? before[name] : undefined) ?? field.defaultValue;
  }
  return result;
}
