/**
 * Requests that may be under way at once: the ten that Terraform does at a time, and lists beside them. More would not be kind:
 * each costs a Meshery Server up to three calls to its own provider.
 */
export const PARALLEL_REQUESTS = 16;
/** Bytes of one answer: a page has a hundred rows. Sixteen of them may be on their way at once. */
export const LARGEST_ANSWER = 8 * 1024 * 1024;
/** What one answer may take as objects, in bytes. */
export const LARGEST_PARSED_ANSWER = 6 * LARGEST_ANSWER;
