/** What needs more than a program loads at once: dynamic providers, lookups, topologies. One file in the package, loaded when needed. */

export { answer } from "../dynamic/answer";
export { providers } from "../dynamic/index";
export { planFile, planObject } from "./topology";
