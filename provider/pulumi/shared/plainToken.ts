/** What is said of a token in stack configuration that was not stored as a secret. */
export const PLAIN_TOKEN =
  "meshery:token stands in the stack configuration as plain text, and so in the stack's state. Store it with `pulumi config set --secret meshery:token`, or better give it as MESHERY_TOKEN and remove it from the configuration: the token then stands nowhere. Replace a token that was committed or shared.";
