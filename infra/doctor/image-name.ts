/** Returns the last segment of an image's path, and its tag: `registry:5000/mirror/flyte-binary:v1@sha256:…`. */
export const imageNameOf = (image: string): { readonly name: string; readonly tag: string } => {
  const [name = '', tag = ''] = lastSegment(image.replace(/@.*$/, '')).split(':')
  return { name, tag }
}

/** Returns the text after the last slash. */
export const lastSegment = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
