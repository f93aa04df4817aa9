/**
 * Hyper-parameters that change while training, as pure functions of progress, with a text form that
 * parses back. Depends on nothing; the driver evaluates them, no rank keeps a counter.
 */
package io.dropblock.schedule;
