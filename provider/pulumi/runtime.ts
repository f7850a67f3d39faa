/** What needs more than a program loads at once: dynamic providers, lookups, topologies. One file in the package, loaded when needed. */
export { providers } from "./dynamic";
export { answer } from "./dynamic/answer";
export { planFile, planObject } from "./topology";
