/** The name under which this project's fields are owned (server-side apply). */
export const fieldManager = 'flyte-webhook'
