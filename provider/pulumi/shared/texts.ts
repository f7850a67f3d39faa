import type { Warning } from "../../framework";
import { explain } from "../../resources/shared/explain";
import { IMPORT_IT, inWordsOf } from "../../resources/shared/wording";

/** A warning as users of Pulumi read it. */
export const warningText = ({ summary, detail }: Warning): string => inWordsOf("pulumi", `${summary}. ${detail}`);

export interface ErrorText {
  /** From the closed sets of the framework and the client; `unexpected` for anything else. */
  code: string;
  /** The first line, without a full stop. */
  summary: string;
  /** All of it: what happened, why, what to do, and the code. */
  message: string;
}

const STALE_TOKEN =
  "A token in MESHERY_TOKEN wins over one in stack configuration. `pulumi refresh` and `pulumi destroy` use the configuration of the last `up`: set MESHERY_TOKEN, or add --run-program, after `pulumi config set --secret meshery:token`.";

/** An error as users of Pulumi read it. `importHint` where the provider can import, which a dynamic one cannot. */
export function errorText(error: unknown, importHint?: (importing: { of: string; id: string }) => string): ErrorText {
  const { summary, detail: neutral, code, importing } = explain(error);
  const imported = importing && importHint ? `${importHint(importing)} ` : "";
  const detail = inWordsOf("pulumi", importing ? neutral.replace(`${IMPORT_IT} `, imported) : neutral);
  const ways = code === "not-authenticated" ? ` ${STALE_TOKEN}` : "";
  const text = detail.startsWith(summary) ? detail : `${summary}. ${detail}`;
  return { code, summary, message: `${text.replace(/([^.!?])$/, "$1.")}${ways} [${code}]` };
}
