/** The command {@code bench}: one class a measurement. */
package io.dropblock.bench.cli;
