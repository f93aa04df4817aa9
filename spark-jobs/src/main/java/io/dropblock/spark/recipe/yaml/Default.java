package io.dropblock.spark.recipe.yaml;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A key that may be left out, and what it then is. A block of a {@link Tagged} interface is laid
 * over its default, so that it may leave out {@code kind} alone.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {

  /** The value as YAML. */
  String value();
}
