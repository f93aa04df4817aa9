/**
 * From a recipe to the plain arguments of the parts: what all tasks share in {@code RecipeParts}
 * and {@code NetworkArguments}, and one {@code Assembly} a task.
 */
package io.dropblock.spark.cli.assembly;
