package io.dropblock.cpu;

/**
 * Whether this process uses native libraries of ours: {@code -Dio.dropblock.native=off}, or {@code
 * DROPBLOCK_NATIVE=off} in the environment, switches them off; the property goes first.
 */
final class NativeSwitch {
  static final String PROPERTY = "io.dropblock.native";
  static final String VARIABLE = "DROPBLOCK_NATIVE";

  private NativeSwitch() {}

  /** Why native libraries are not used; null if they are. */
  static String problem() {
    return problem(System.getProperty(PROPERTY), System.getenv(VARIABLE));
  }

  /**
   * @throws IllegalArgumentException if a value is neither on nor off
   */
  static String problem(String property, String variable) {
    if (isOff(PROPERTY, property == null ? "on" : property)) {
      return "native libraries are switched off by -D" + PROPERTY + "=off";
    }
    return property == null && isOff(VARIABLE, variable == null ? "on" : variable)
        ? "native libraries are switched off by " + VARIABLE + "=off"
        : null;
  }

  private static boolean isOff(String name, String value) {
    return switch (value) {
      case "on" -> false;
      case "off" -> true;
      default ->
          throw new IllegalArgumentException(
              "Invalid " + name + ": '" + value + "', write on or off");
    };
  }
}
