/** Whether a name fits a pattern: `*` stands for any characters, `?` for one; capitals do not matter. */
export function fits(pattern: string, name: string): boolean {
  const [wanted, text] = [[...pattern.toLowerCase()], [...name.toLowerCase()]];
  let [at, in_] = [0, 0];
  let star = -1;
  let from = 0;
  while (in_ < text.length) {
    if (wanted[at] === "*") {
      star = at++;
      from = in_;
    } else if (at < wanted.length && (wanted[at] === "?" || wanted[at] === text[in_])) {
      at++;
      in_++;
    } else if (star >= 0) {
      at = star + 1;
      in_ = ++from;
    } else return false;
  }
  while (wanted[at] === "*") at++;
  return at === wanted.length;
}

export const fitsAny = (patterns: readonly string[], name: string): boolean =>
  patterns.some((pattern) => fits(pattern, name));
