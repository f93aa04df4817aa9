/**
 * Networks that users bring as DL4J's JSON: what may be in the file ({@code KnownClasses}), what
 * the network must be ({@code BroughtRules}), and the same network of our layers where its own
 * allow ({@code Conversion}).
 */
package io.dropblock.brought;
