/** All that other tests may import of the engine. */
export { checkResult, diffResult, failuresOf, writeResult } from "./src/answers";
export { Diagnostics } from "./src/diagnostics";
export {
  changes,
  type DeploymentExport,
  type DestroyOptions,
  type DiffKind,
  type ImportRequest,
  type Message,
  type ProviderCall,
  type RefreshOptions,
  type ResourceRecord,
  type RunOptions,
  type RunResult,
  type Severity,
  type StackDriver,
  type StepOp,
  type StepReport,
  summary,
  type UpOptions,
} from "./src/driver";
export { isDefaultProvider } from "./src/executor";
export { compileProgram, projectName } from "./src/program";
export { Provider } from "./src/provider";
export { type ProviderCommand, ProviderProcess, unary } from "./src/providerProcess";
export { EngineServer } from "./src/services";
export { maskSecrets, readDeployment } from "./src/state";
export { TestStack, type TestStackOptions } from "./src/testStack";
export { isProviderType } from "./src/urn";
export {
  fromStruct,
  isSecret,
  isUnknown,
  mapValue,
  type PropertyMap,
  RESOURCE_REFERENCE,
  SIGNATURE,
  secret,
  toStruct,
  UNKNOWN,
  UNKNOWNS,
} from "./src/values";
