/**
 * Measurements of the DropBlock op with JMH: what is measured, the loop over shapes and threads,
 * and the tables that come out of it.
 */
package io.dropblock.bench.op;
