export { call } from "./client";
export { createGrpcServer, type GrpcServer, type Method, type UnaryHandler } from "./server";
export { RpcError, Status } from "./status";
