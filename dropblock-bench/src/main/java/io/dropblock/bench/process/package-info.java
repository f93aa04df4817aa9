/** JVMs that measure: how they are started, talked to and ended, and their memory. */
package io.dropblock.bench.process;
