// The widget takes the style sheet as text; the page has it as a file of its own.
declare module "*.css" {
  const sheet: string;
  export default sheet;
}
