export { type Check, checkTopology, parseTopologyText, TopologyError, type TopologyProblem } from "./parse";
export {
  connectionFields,
  environmentFields,
  type Reference,
  references,
  type World,
  type WorldInput,
  workspaceFields,
  worldSchema,
} from "./world";
export { checkWorld, parseWorld } from "./worldFile";
