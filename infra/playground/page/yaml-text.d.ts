/** A YAML file, as esbuild's loader `text` provides it. */
declare module '*.yaml' {
  const text: string
  export default text
}
