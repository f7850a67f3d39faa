/** The HTML that stands where a person with a browser was expected. */
export function htmlPage(title: string, text: string): string {
  return `<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1><p>${text}</p></body></html>\n`;
}

export const loginPage = () => htmlPage("Meshery Login", "Sign in to continue.");
export const userInterface = () => htmlPage("Meshery", "The user interface is not part of this server.");
