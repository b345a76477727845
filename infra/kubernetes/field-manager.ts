/** The field manager that owns this project's fields (server-side apply). */
export const fieldManager = 'flyte-webhook'
