/** Tokens stand in users' state and programs: they never change. */
export const resourceToken = (name: string): string => `meshery:index:${name}`;
export const functionToken = (name: string): string => `meshery:index:${name}`;
export const typeToken = (name: string): string => `meshery:index:${name}`;

/** The type that the dynamic providers' resources have. */
export const dynamicType = (name: string): string => `pulumi-nodejs:dynamic/meshery:${name}`;
