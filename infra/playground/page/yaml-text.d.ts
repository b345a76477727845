/** A file of YAML as esbuild's loader `text` gives it. */
declare module '*.yaml' {
  const text: string
  export default text
}
