/** What needs the whole core: the dynamic providers, and the lookups of programs. One file in the package, loaded when needed. */
export { providers } from "./dynamic";
export { answer } from "./dynamic/answer";
