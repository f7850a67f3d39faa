const DECIMAL = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/** The number a decimal text stands for where JavaScript holds it exactly, otherwise the text. */
export function exactNumber(text: string): number | string {
  const value = Number(text);
  if (!Number.isFinite(value)) return text;
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return text;
  return sameDecimal(String(value), text) ? value : text;
}

// "1.50", "15e-1" and "1.5" are one number; so digits and exponent are compared, not texts.
function sameDecimal(a: string, b: string): boolean {
  const [left, right] = [digitsAndExponent(a), digitsAndExponent(b)];
  return left.negative === right.negative && left.digits === right.digits && left.exponent === right.exponent;
}

function digitsAndExponent(text: string) {
  const [mantissa = "", power = "0"] = text.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.replace("-", "").split(".");
  const all = (whole + fraction).replace(/^0+/, "");
  const digits = all.replace(/0+$/, "");
  const exponent = digits ? Number(power) - fraction.length + (all.length - digits.length) : 0;
  return { negative: digits !== "" && text.startsWith("-"), digits, exponent };
}

const TEXT_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/**
 * JSON.parse, with numbers that JavaScript would round given as decimal text instead. Its error quotes nothing: states
 * hold secrets.
 */
export function parseJsonExactly(json: string): unknown {
  const exact = json.replace(TEXT_OR_NUMBER, (token) => {
    if (token.startsWith('"') || !isDecimal(token)) return token;
    return typeof exactNumber(token) === "number" ? token : `"${token}"`;
  });
  try {
    return JSON.parse(exact);
  } catch {
    throw new SyntaxError("the value is not valid JSON");
  }
}
