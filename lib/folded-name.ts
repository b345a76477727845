/**
 * A name as variables have it, where upper and lower case are one: Unicode's full upper-case mapping, which depends on no
 * neighbouring character (specification §2). Whatever compares groups or keys compares them so; two ways of folding would guard
 * one name and give out another (`straße` is `STRASSE` in upper case, but not `strasse` in lower case).
 */
export const folded = (name: string): string => name.toUpperCase()
