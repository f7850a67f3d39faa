/** Tokens stand in users' state and programs: they never change. */
export { dynamicType, resourceToken } from "../../resources/shared/engineTypes";

export const functionToken = (name: string): string => `meshery:index:${name}`;
export const typeToken = (name: string): string => `meshery:index:${name}`;
