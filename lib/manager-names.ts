/** The managers that make files only, and that ask no store while a pod is admitted (specification §3). */
export const fileManagers = ['AWS', 'GCP', 'Azure', 'Vault'] as const

/** The secret managers by Flyte's own names; `Global` is asked first. */
export const managerNames = ['Global', 'K8s', ...fileManagers, 'Embedded'] as const

export type ManagerName = (typeof managerNames)[number]

/** Whether a manager makes files only. */
export const makesFilesOnly = (name: ManagerName): boolean => fileManagers.some((each) => each === name)
