/**
 * Loops in C over ND4J's arrays in main memory, {@code src/main/native}: where Java 17 or ND4J
 * would take several passes, or slow ones.
 */
package io.dropblock.cpu;
