package io.dropblock.exchange;

/**
 * Where a file has one of our parameters.
 *
 * @param name in the file
 * @param form in which its numbers are there
 */
record StoredName(String name, StoredForm form) {}
