/**
 * A name as variables have it, with upper and lower case folded: Unicode's full upper-case mapping, which does not depend on
 * neighbouring characters (specification §2). Compare groups and keys only in this form: two ways of folding would guard
 * one name and return another (`straße` is `STRASSE` in upper case, but not `strasse` in lower case).
 */
export const folded = (name: string): string => name.toUpperCase()
