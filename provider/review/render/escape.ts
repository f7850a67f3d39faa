/** What would end a code span of Markdown, or the cell of a table. */
const ENDS = /[`|]|^\s|\s$|^$/;
const SPECIAL = /[\\`*_[\](){}<>&|~#!@$"'+=-]/g;

/** A name or an address in Markdown: as it stands, and never markup, a link or a mention. */
export const code = (text: string): string => (ENDS.test(text) ? `<code>${entities(text)}</code>` : `\`${text}\``);

const entities = (text: string): string => text.replace(SPECIAL, (one) => `&#${one.charCodeAt(0)};`);

/** Running text in Markdown. A comment within keeps mentions, references and addresses from being made into links. */
export const prose = (text: string): string =>
  text
    .replace(/[\\`*_[\]<>&|~$]/g, (one) => `&#${one.charCodeAt(0)};`)
    .replace(/[@#](?=[\w])(?![0-9]+;)/g, "$&<!-- -->")
    .replace(/:(?=\/\/)/g, "$&<!-- -->")
    .replace(/\bwww(?=\.)/gi, "$&<!-- -->");

/** The text of a node in Mermaid, to stand between quotation marks. */
export const mermaid = (text: string): string =>
  text.replace(/[^\p{L}\p{N} ./_:-]/gu, (one) => `#${one.codePointAt(0)};`);
