package io.dropblock.spark.recipe.yaml;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A block that can be one of several: a sealed interface of records, of which the key {@code kind}
 * names one in its own words, {@code DropPath} as {@code drop-path}. The other keys are those of
 * that record; no record of it has a component {@code kind}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Tagged {}
